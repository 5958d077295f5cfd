#pragma once

#include "agent/journal/journal.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::journal {

/// What one stream holds. Without segments it is empty and the rest means nothing.
struct stream_status {
    stream kind = stream::readings;
    std::size_t segments = 0;
    std::uint64_t bytes = 0; ///< of its packed rows
    position_range range;
    std::optional<utc_time> first_time, last_time; ///< of the first and the last record that decodes
};

struct sink_cursor {
    std::string bytes;
    position unconfirmed = 0;
};

struct journal_status {
    std::string epoch;
    std::int64_t schema = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t wal_bytes = 0;
    std::uint32_t boot = 0; ///< of the last start
    position head = 1;
    position oldest = 1;
    std::vector<stream_status> streams;
    std::map<std::string, ledger_entry>
        ledger; ///< read = stored + unstored: what waits in the agent is not in the file
    std::map<std::string, sink_cursor> cursors;
};

/// Which records are wanted; everything by default.
struct record_filter {
    position_range positions{1, ~position{0} >> 1};
    std::optional<time_range> times;
    std::set<std::string> devices; ///< empty = all
    std::set<stream> streams;      ///< empty = all
};

/// Reads a journal beside the agent that writes it, or without one; takes no lock and holds no long transaction.
/// One thread at a time.
class journal_reader {
public:
    [[nodiscard]] static result<journal_reader> open(std::string const& path, std::string& why);
    ~journal_reader();
    journal_reader(journal_reader&&) noexcept;
    journal_reader& operator=(journal_reader&&) noexcept;

    [[nodiscard]] result<journal_status> status();

    /// What each device taught the agent (journal::save_memory), by its name.
    [[nodiscard]] result<std::map<std::string, std::string>> memories();

    /// `share` runs from 0 to 1. False stops; what was passed over is in the answer.
    using progress = std::function<bool(double share)>;

    /// Calls `each` for the wanted records in order of position, up to those committed when it began; it answers false
    /// to stop. The answer has the ranges that are damaged.
    [[nodiscard]] result<std::vector<position_range>> for_each_record(record_filter const& wanted,
                                                                      std::function<bool(record const&)> const& each,
                                                                      progress const& report = {});

    /// What other processes left for the agent and it has not taken over yet, oldest first.
    [[nodiscard]] result<std::vector<row>> inbox();

    /// Looks at every page and every row: SQLite's own check, every block decodes, seqs have no gap inside what is
    /// held, positions rise. A sentence a defect, at most findings_max; empty when all is well.
    [[nodiscard]] result<std::vector<std::string>> integrity_check(progress const& report = {});
    static constexpr std::size_t findings_max = 100;

private:
    struct impl;
    explicit journal_reader(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

} // namespace kilnwatt::journal
