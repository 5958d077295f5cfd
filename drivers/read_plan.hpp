#pragma once

#include "drivers/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kilnwatt::drivers {

/// A run of addresses of one table.
struct read_range {
    modbus::table from = modbus::table::holding_registers;
    std::uint16_t address = 0;
    std::uint16_t count = 0;

    friend bool operator==(read_range const&, read_range const&) = default;
};

/// One request of a plan and the points (indices into the points given) it brings.
struct planned_request {
    read_range range;
    std::vector<std::size_t> points;

    friend bool operator==(planned_request const&, planned_request const&) = default;
};

struct read_plan {
    std::vector<planned_request> requests;
    std::vector<std::size_t> unreadable; ///< points inside a hole: never asked for
};

/// Few requests for many points: neighbours are merged over gaps of at most limits.gap registers, a multi-register
/// point is never split, a value and its exponent stay in one request, no request crosses a hole or exceeds
/// limits.registers_per_request. Pure.
read_plan make_read_plan(std::span<point const> points, request_limits limits, std::span<read_range const> holes);

} // namespace kilnwatt::drivers
