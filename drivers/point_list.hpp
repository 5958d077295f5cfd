#pragma once

#include "config/table.hpp"
#include "drivers/profile.hpp"

#include <vector>

namespace kilnwatt::drivers {

/// A number without a fraction, which may be a state, a code or an exponent.
bool is_whole(point_type t) noexcept;

/// What holds between the points of a list: names once, exponents and companions that exist. Ties each value to its
/// exponent. `tables` are where the points were read from, for the complaints.
void check_point_list(std::vector<point>& points, std::vector<config::table>& tables);

} // namespace kilnwatt::drivers
