#pragma once

#include "core/row.hpp"

#include <cstdint>
#include <vector>

namespace kilnwatt {

/// Place in the journal: strictly rising over all streams and restarts of one epoch, starting at 1.
/// Order, cursors and retention go by it, never by wall time.
using position = std::uint64_t;

/// A row that is committed. Equal (epoch, device, stream, seq) means the same record, so a consumer can drop repeats.
struct record {
    position pos = 0;
    std::uint64_t seq = 0;  ///< per device and stream, gap-free, from 1
    std::uint32_t boot = 0; ///< which run of the agent the row's monotonic time belongs to
    row data;
    bool trusted = true; ///< its UTC is right: the clock was, or became known later in the same run of the machine

    stream kind() const { return data.layout->kind; }
    std::string const& device() const { return data.layout->device; }
};

/// The records of one commit, in the order of their positions.
using batch = std::vector<record>;

} // namespace kilnwatt
