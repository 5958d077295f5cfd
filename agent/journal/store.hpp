#pragma once

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
    bool count_now = false;                                         ///< save seqs and segment ends too
};

/// The file, for its one writer: every call on one thread, none blocks but for the disk. It knows nothing of queues,
/// threads and clocks. No exception leaves it.
class store {
public:
    /// Takes the lock, sets a damaged or foreign file aside (`why` says so, the call succeeds) and starts a boot.
    [[nodiscard]] static result<std::unique_ptr<store>> open(options const& o, stamp now, std::string& why);

    /// Brings rows into the form and order in which they will be stored and gives them their positions. Rows that do
    /// not fit their layout are left out.
    batch assemble(std::vector<row> rows) const;

    /// Writes an assembled batch (gives it seqs, shared layouts and stored times) and the extras, together or not at
    /// all.
    [[nodiscard]] result<void> write(batch& records, commit_extras const& extras, stamp now);

    /// Drops the oldest segments of streams that are over their budget. Readings at or after `unconfirmed` are counted
    /// as dropped, in the file and in the answer.
    [[nodiscard]] result<std::map<std::string, std::uint64_t>> trim(position unconfirmed);

    /// Records of `range`, at most `max`; `next` is where to go on. `damaged` gets the ranges that were passed over.
    [[nodiscard]] result<batch> read(position_range range, std::size_t max, position& next,
                                     std::vector<position_range>& damaged);

    /// Rises whenever a segment is started: only then can a budget have been passed.
    std::int64_t segments_started() const { return next_segment_; }

    position head() const { return index_.head; }
    position oldest() const { return index_.segments.oldest(); }
    std::uint32_t boot() const { return boot_; }
    std::string const& epoch() const { return epoch_; }
    std::unordered_map<std::string, stream_seqs> const& seqs() const { return index_.seqs; }
    std::map<std::string, stored_counts> const& counts() const { return index_.counts; } ///< as of open()
    std::map<std::string, saved_cursor> cursors();
    std::optional<saved_snapshot> snapshot();

private:
    store(options const& o, file_lock lock, std::unique_ptr<database> db);
    static result<std::unique_ptr<store>> try_open(options const& o, stamp now, file_lock& lock, std::string& why,
                                                   std::string& damage);
    bool load();
    void start_boot(stamp now);

    /// What the writer needs of a layout it has seen, so that a row costs one look-up.
    struct known_layout {
        layout_ptr given; ///< keeps the key alive
        layout_table::entry stored;
        std::uint64_t* seq = nullptr;
    };
    known_layout const& know(layout_ptr const& l);
    void complete(batch& records, std::int64_t offset_ms);
    void write_streams(batch const& records, clock_entry const& clock, utc_time now);
    void write_extras(commit_extras const& extras);
    void save_counts(position head);
    void committed(batch const& records, std::optional<clock_entry> const& clock);
    void rolled_back(batch const& records);
    void count_dropped(segment_info const& s, position unconfirmed, std::map<std::string, std::uint64_t>& dropped);
    void drop_oldest(stream s, std::map<std::string, std::uint64_t> const& dropped);

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
    std::int64_t next_segment_ = 1;
    std::uint32_t boot_ = 0;
    std::string epoch_;
};

} // namespace kilnwatt::journal
