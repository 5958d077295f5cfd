#pragma once

#include "agent/journal/disk_reserve.hpp"
#include "agent/journal/file_index.hpp"
#include "agent/journal/file_lock.hpp"
#include "agent/journal/journal.hpp"
#include "agent/journal/segment_writer.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kilnwatt::journal {

/// A sink's cursor as it stands in the file.
struct saved_cursor {
    std::string body;
    position unconfirmed = 0; ///< the sink still needs what is at or after this
};

struct saved_snapshot {
    std::string body;
    position covers = 0; ///< the snapshot knows every record before this
};

/// What goes into one transaction beside the records.
struct commit_extras {
    saved_snapshot const* snapshot = nullptr;
    std::map<std::string, saved_cursor> const* cursors = nullptr;
    std::map<std::string, std::uint64_t> const* unstored = nullptr; ///< new totals by device
    std::int64_t inbox_until = 0; ///< rows of the inbox up to this are among the records
    bool count_now = false;       ///< save seqs and segment ends too
};

/// The file, for its one writer: every call on one thread, none blocks but for the disk. It knows nothing of queues,
/// threads and clocks. No exception leaves it.
class store {
public:
    /// Takes the lock, sets a damaged or foreign file aside (`why` says so, the call succeeds) and starts a boot.
    [[nodiscard]] static result<std::unique_ptr<store>> open(options const& o, stamp now, machine_run const& run,
                                                           std::string& why);

    /// Brings rows into the form and order in which they will be stored and gives them their positions. Rows that do
    /// not fit their layout are left out.
    batch assemble(std::vector<row> rows) const;

    /// Writes an assembled batch (gives it seqs, shared layouts and stored times) and the extras, together or not at
    /// all.
    [[nodiscard]] result<void> write(batch& records, commit_extras const& extras, stamp now);

    /// One step of retention: counts what no sink has confirmed (at or after `unconfirmed`) of the segment that is to
    /// go, a few thousand records a call, or drops it and answers with the ranges it took. True: call again.
    [[nodiscard]] result<bool> trim_step(position unconfirmed, stamp now, std::vector<dropped_range>& dropped);

    /// The disk is full: gives the reserve back, empties the log into the file and drops the oldest segment, so that
    /// the next transaction finds room. False when there was nothing left to give.
    bool make_room(position unconfirmed, stamp now, std::vector<dropped_range>& dropped);
    void hold_reserve() { reserve_.hold(); }

    /// Records of `range`, at most `max`; `next` is where to go on. `damaged` gets the ranges that were passed over.
    [[nodiscard]] result<batch> read(position_range range, std::size_t max, position& next,
                                     std::vector<position_range>& damaged);

    /// Rises whenever a segment is started: only then can a budget have been passed.
    std::int64_t segments_started() const { return next_segment_; }

    position head() const { return index_.head; }
    position oldest() const { return index_.segments.oldest(); }
    bool trusts_clock() const { return index_.clocks.last().trusted; }
    std::uint32_t boot() const { return boot_; }
    std::string const& epoch() const { return epoch_; }
    std::unordered_map<std::string, stream_seqs> const& seqs() const { return index_.seqs; }
    std::map<std::string, stored_counts> const& counts() const { return index_.counts; } ///< as of open()
    std::map<std::string, saved_cursor> cursors();
    std::optional<saved_snapshot> snapshot();
    /// Rows that wait in the inbox; none when it cannot be read now.
    std::vector<row> inbox(std::int64_t& last);

private:
    store(options const& o, file_lock lock, std::unique_ptr<database> db);
    /// With what a start must do without.
    enum class frugality {
        none,
        no_write,  ///< what a start writes waits for the first commit
        no_memory, ///< nor is there room for SQLite's shared memory: other processes cannot read beside the agent
    };
    struct beginning {
        stamp now;
        machine_run run;
    };
    static result<std::unique_ptr<store>> try_open(options const& o, beginning const& b, frugality how, file_lock& lock,
                                                   std::string& why, std::string& damage);
    bool load();
    void start_boot(beginning const& b);
    void write_boot();

    /// What the writer needs of a layout it has seen, so that a row costs one look-up.
    struct known_layout {
        layout_ptr given; ///< keeps the key alive
        layout_table::entry stored;
        std::uint64_t* seq = nullptr;
    };
    known_layout const& know(layout_ptr const& l);
    void complete(batch& records, clock_entry const& clock);
    void write_streams(batch const& records, clock_entry const& clock, stamp now);
    void write_extras(commit_extras const& extras);
    void save_counts(position head, std::int64_t uptime);
    void committed(batch const& records, std::optional<clock_entry> const& clock);
    void rolled_back(batch const& records);
    bool disk_short();
    bool count_some(stream kind, position unconfirmed);
    void drop_oldest(stream s);
    std::int64_t uptime_ms(stamp now) const { return uptime_base_ + (now.mono - boot_mono_).count(); }

    options options_;
    file_lock lock_;
    std::unique_ptr<database> db_;
    file_index index_;
    std::vector<segment_writer> writers_; ///< by stream
    record_reader reader_;
    std::unordered_map<layout const*, known_layout> known_layouts_;
    std::unordered_map<std::string, stream_seqs> saved_seqs_;
    std::vector<std::uint32_t> layout_ids_; ///< of the batch being written
    std::uint64_t uncounted_bytes_ = 0;
    std::int64_t counted_uptime_ = 0;

    /// The segment being counted before it is dropped.
    struct counting {
        std::int64_t segment = 0; ///< 0: none
        std::unique_ptr<record_reader> reader;
        std::map<std::string, dropped_range> found; ///< by device
    };
    counting counting_;
    disk_reserve reserve_;
    std::int64_t uptime_base_ = 0; ///< of all boots before
    mono_time boot_mono_{};
    std::int64_t next_segment_ = 1;
    std::uint32_t boot_ = 0;
    std::optional<beginning> boot_unwritten_; ///< until it stands in the file
    std::string epoch_;
};

} // namespace kilnwatt::journal
