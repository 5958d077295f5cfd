#pragma once

#include "agent/energy/finding.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/energy/row_view.hpp"

namespace kilnwatt::energy {

/// What the powers of one device in an hour must have to each other: phases add up to the whole, the apparent power is
/// no less than active and reactive power make it, an inverter gives no more than it takes.
void check_powers(device_model const& d, row_view const& w, std::vector<finding>& found);

} // namespace kilnwatt::energy
