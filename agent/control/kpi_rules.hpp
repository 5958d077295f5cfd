#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/settings/site.hpp"
#include "config/defect.hpp"

namespace kilnwatt::control {

/// Puts the formulas of the site file into the model and notes what is wrong with them: names that the plant lacks,
/// units that do not fit, circles.
void add_formulas(settings::site const& site, energy::plant_model& model, config::defects& found);

} // namespace kilnwatt::control
