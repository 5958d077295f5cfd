#pragma once

#include "agent/journal/budget.hpp"
#include "agent/journal/segment_directory.hpp"

#include <optional>

namespace kilnwatt::journal {

/// Bytes at which a stream's segment is full: an eighth of its share of the budget, so that retention never drops half
/// of what is kept; at most `largest`.
std::uint64_t segment_bytes_of(stream s, budget_limits const& limits, std::uint64_t largest) noexcept;

struct retention_state {
    budget_limits const& limits;
    std::uint64_t segment_bytes_max;
    std::int64_t uptime_ms; ///< time the agent ran since the journal began
    bool disk_short;        ///< the file may not grow: what comes needs the room of what is there
};

/// The stream whose oldest segment is to go next; none when all budgets hold. A stream's newest segment never goes. In
/// a budget the lowest position goes first, which is the oldest confirmed segment as long as there is one. A short disk
/// takes readings first, then minutes, then quarters, never days and events. Pure.
std::optional<stream> next_to_drop(segment_directory const& segments, retention_state const& now);

} // namespace kilnwatt::journal
