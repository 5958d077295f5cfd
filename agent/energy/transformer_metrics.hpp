#pragma once

#include "agent/energy/plant_model.hpp"

namespace kilnwatt::energy {

/// Loss in W of a transformer under the apparent power S in VA: P0 + (S/SN)^2 Pk. NaN without a rating.
double transformer_loss(transformer_plate const& plate, double s);

} // namespace kilnwatt::energy
