#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/settings/site.hpp"
#include "config/defect.hpp"

namespace kilnwatt::control {

/// The plant of a site file as the energy stage knows it.
energy::plant_model plant_of(settings::site const& site);

/// The same with its formulas and targets; what is wrong with them is noted.
energy::plant_model whole_plant_of(settings::site const& site, config::defects& found);

} // namespace kilnwatt::control
