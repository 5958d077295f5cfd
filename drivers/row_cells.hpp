#pragma once

#include "core/row.hpp"
#include "drivers/read_plan.hpp"
#include "drivers/wire_number.hpp"

#include <cstdint>
#include <span>

namespace kilnwatt::drivers {

/// The points that have no value become bad with this cause.
void mark(row& r, std::span<std::size_t const> points, quality q);

/// Decodes the words of an answer into the cells of the points that the request brings. `numbers` has one a point.
void decode_into(row& r, std::span<point const> points, std::span<plain_number const> numbers,
                 planned_request const& request, std::span<std::uint16_t const> words);

} // namespace kilnwatt::drivers
