#pragma once

#include "agent/energy/finding.hpp"
#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"

#include <optional>

namespace kilnwatt::energy {

/// An inverter whose counter of the day (`active_energy_day`) is more than 2 % off what its lifetime counter gained in
/// the window of that day: `day_counter_mismatch`. The inverter's clock ends its day, so what it shows last and the
/// largest it showed are both allowed; less than 5 kWh says nothing.
std::optional<finding> day_counter_mismatch(plant_model const& m, row const& day);

} // namespace kilnwatt::energy
