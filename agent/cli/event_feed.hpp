#pragma once

#include "agent/journal/journal_reader.hpp"
#include "core/event_row.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::cli {

/// Which events are wanted; everything by default.
struct event_filter {
    std::optional<time_range> times;
    std::set<std::string> devices, kinds; ///< empty = all
    std::size_t last = 1'000;             ///< of those found at once the newest
};

struct listed_event {
    utc_time time;
    event what;
};

/// The events of a journal, each once, also those that the agent writes meanwhile; a new file in the old one's place
/// is read from its start.
class event_feed {
public:
    event_feed(std::string path, event_filter wanted) : path_{std::move(path)}, wanted_{std::move(wanted)} {}

    /// Those since the last call, oldest first. A sentence when the journal cannot be read now.
    result<std::vector<listed_event>> next(std::string& why);
    std::size_t left_out() const { return left_out_; } ///< by the last call, because of `last`

private:
    using file_id = std::pair<std::uint64_t, std::uint64_t>;

    static file_id id_of(std::string const& path);
    bool wants(event const& e) const;

    std::string path_;
    event_filter wanted_;
    std::optional<journal::journal_reader> reader_;
    file_id file_;
    position from_ = 1;
    std::size_t left_out_ = 0;
};

} // namespace kilnwatt::cli
