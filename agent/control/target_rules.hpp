#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/settings/site.hpp"
#include "config/defect.hpp"

namespace kilnwatt::control {

/// Puts the targets of the site file into the model, after its formulas, and notes what is wrong with them: a figure
/// that the plant lacks, a base or value of another kind, a target that is no reduction.
void add_targets(settings::site const& site, energy::plant_model& model, config::defects& found);

} // namespace kilnwatt::control
