#pragma once

#include "agent/journal/budget.hpp"
#include "agent/journal/position_range.hpp"
#include "agent/journal/stage.hpp"
#include "core/plant_clock.hpp"
#include "core/record.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::journal {

struct options {
    std::string path;
    std::chrono::milliseconds commit{500};   ///< plant time from the first uncommitted row to its commit; 0 = at once
    bool sync_full = true;                   ///< a committed row survives a power cut
    std::size_t queue_max = 65'536;          ///< rows waiting for a commit; more are refused and counted as unstored
    budget_limits budgets = default_budgets; ///< whole segments are dropped, the oldest first
    std::uint64_t segment_bytes = 16ull << 20;
    /// Free disk below which the file does not grow: the oldest segments make room for new rows.
    std::uint64_t disk_free_min = 256ull << 20;
    std::function<std::uint64_t()> disk_free; ///< bytes; none = ask the file system of `path`
};

/// Counts of one device's readings for the ledger; under "site" they are the plant's events. stored + unstored = read;
/// they hold since the epoch began.
struct ledger_entry {
    std::uint64_t read = 0;     ///< rows handed to append(), and the stage's events
    std::uint64_t stored = 0;   ///< rows committed
    std::uint64_t unstored = 0; ///< rows refused: queue full or disk full
    std::uint64_t dropped = 0;  ///< committed rows that retention removed before they were confirmed
};

/// Records that retention removed before every sink had confirmed them; both ends are in.
struct dropped_range {
    std::string device;
    stream kind = stream::readings;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
};

/// The one durable thing: a SQLite file (WAL) with one writer thread and group commit. Rows are packed against layouts
/// in blocks and segments (see docs/journal-format.md); cursors of sinks and the stage's snapshot ride in the commits.
class journal {
public:
    using batch_ptr = std::shared_ptr<batch const>;

    /// Opens or creates the file; a second process on the same file is refused. Does not start the thread yet.
    [[nodiscard]] static result<std::unique_ptr<journal>> open(options o, plant_clock clock, std::string& why);
    ~journal(); ///< stops, committing what was appended

    /// All before start(). Handlers run on the journal's thread and must not block: post elsewhere.
    void set_stage(std::shared_ptr<stage> s);
    void on_commit(std::function<void(batch_ptr)> handler);
    void
    on_failure(std::function<void(std::string)> handler); ///< one sentence per change of state: cannot write, can again

    void on_dropped(std::function<void(std::vector<dropped_range>)> handler); ///< of one segment
    void on_unstored(std::function<void(batch_ptr)> handler); ///< readings of a commit that failed: never in the file

    void start();
    /// Commits what was appended (and what the stage answers), then ends the thread. At most a few seconds. Idempotent.
    void stop();

    /// Any thread. False when the queue is full, the journal is stopped or the row does not fit its layout (counted as
    /// unstored; `r` is left as it was). A row is handed on as it will be read back: absent cells without bits, texts
    /// in the order of their columns, UTC within clock_tolerance_ms (5 ms).
    bool append(row&& r);

    /// Any thread: the cursor of a sink as opaque bytes, written with the next commit. `unconfirmed`: the sink still
    /// needs what is at or after this position; retention counts such readings as dropped.
    void save_cursor(std::string sink, std::string bytes, position unconfirmed = 0);
    /// Before start(): what was saved last; "" for a new sink. Makes the sink known: what it has not confirmed counts.
    std::string load_cursor(std::string const& sink) const;

    /// Any thread: what a device has taught its poller, as opaque text, written with the next commit. It lies beside
    /// the cursors as "device:<name>".
    void save_memory(std::string const& device, std::string text);
    /// Before start(): what was saved last; "" for a new device.
    std::string load_memory(std::string const& device) const;

    /// Any thread: reads stored records of `range`, at most `max`, on the journal's thread between two commits, and
    /// calls `done` there. `next` is the position to go on from: range.last (or head, if that is lower) when all was
    /// read; range.first with no records when the file cannot be read now. Not called after stop().
    void read(position_range range, std::size_t max, std::function<void(batch_ptr records, position next)> done);

    bool writes() const; ///< false from a commit that failed to the next that succeeds; any thread
    /// Rises every few seconds while the thread lives, whether it can write or not; any thread.
    std::uint64_t turns() const;
    std::string const& epoch() const; ///< short text, new with every new file
    std::uint32_t boot() const;
    position head() const;                              ///< position after the last committed record; any thread
    bool trusts_clock() const;                          ///< as of the last commit; any thread
    position oldest() const;                            ///< lowest position still held; any thread
    std::map<std::string, ledger_entry> ledger() const; ///< per device; any thread

private:
    struct impl;
    explicit journal(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

} // namespace kilnwatt::journal
