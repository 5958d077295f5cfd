#pragma once

#include "agent/journal/position_range.hpp"
#include "agent/journal/sqlite.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>

namespace kilnwatt::journal {

/// One table `segment_<id>` of packed batches of one stream.
struct segment_info {
    std::int64_t id = 0;
    position_range range;
    std::uint64_t bytes = 0; ///< of the file, near enough
    std::int64_t utc_min = std::numeric_limits<std::int64_t>::max(); ///< milliseconds; of all its rows
    std::int64_t utc_max = std::numeric_limits<std::int64_t>::min();
    std::int64_t opened = 0; ///< uptime of the journal at its first row, milliseconds

    /// A row of its own; the UTC of an untrusted clock becomes known later, so that any is possible.
    void note(utc_time utc, bool trusted);
};

std::string segment_table(std::int64_t id);

/// Which segments there are, oldest first in each stream. What the file says of a stream's newest segment holds as of
/// the last saved counts; load() brings it up to date. Throws sqlite_error.
class segment_directory {
public:
    using list = std::deque<segment_info>;

    void load(database& db);

    list& of(stream s) { return lists_[static_cast<std::size_t>(s)]; }
    list const& of(stream s) const { return lists_[static_cast<std::size_t>(s)]; }

    /// The first segment that may hold `p` or later; null when the stream ends before.
    segment_info const* find(stream s, position p) const;

    position head() const;   ///< position after the last row; 1 for none
    position oldest() const; ///< first position still held; head() for none
    std::int64_t id_max() const;
    std::uint64_t bytes(stream s) const;

private:
    std::array<list, stream_count> lists_;
};

} // namespace kilnwatt::journal
