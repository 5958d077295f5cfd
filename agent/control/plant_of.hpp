#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/settings/site.hpp"

namespace kilnwatt::control {

/// The plant of a site file as the energy stage knows it.
energy::plant_model plant_of(settings::site const& site);

} // namespace kilnwatt::control
