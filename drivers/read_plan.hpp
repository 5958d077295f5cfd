#pragma once

#include "drivers/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kilnwatt::drivers {

/// A run of addresses of one table. As a hole, count 0 is a line that no request crosses: the device answers both
/// sides, but not together.
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
    std::vector<std::size_t> unreadable; ///< points that touch a hole or exceed the limits: never asked for
};

read_range range_of(point const& p);

/// True when a request for `r` would touch the hole.
bool crosses(read_range const& r, read_range const& hole) noexcept;

/// Few requests for many points: neighbours are merged over gaps of at most limits.gap registers, a multi-register
/// point is never split, no request crosses a hole or exceeds limits.registers_per_request. Values that share an
/// exponent stay in one request with it, unless all of them together do not fit into one. Every other point is in
/// exactly one request. Of coils and inputs 16 count as a register. Pure.
read_plan make_read_plan(std::span<point const> points, request_limits limits, std::span<read_range const> holes);

} // namespace kilnwatt::drivers
