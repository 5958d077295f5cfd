#pragma once

#include "agent/energy/plant_model.hpp"

#include <string>

namespace kilnwatt::control {

/// Gives the targets whose base is "imported" what the journal at `path` holds of it; base_source says from what, or
/// why a target has none. Reads the journal only when there is such a target.
void read_entered_bases(energy::plant_model& model, std::string const& path);

} // namespace kilnwatt::control
