#pragma once

#include "agent/energy/plant_model.hpp"

namespace kilnwatt::energy {

/// Loss in W of a transformer under the apparent power S in VA: P0 + (S/SN)^2 Pk. NaN without a rating.
double transformer_loss(transformer_plate const& plate, double s);

/// The same with what its reactive power costs in the supply, W: K_Q kW a kvar of I0 SN and beta^2 Uk SN (GB/T 13462).
/// NaN without a rating.
double comprehensive_loss(transformer_plate const& plate, double s);

/// Share of its rating at which it loses least of what it passes on: sqrt(P0 / Pk); NaN without losses.
double best_load(transformer_plate const& plate);

} // namespace kilnwatt::energy
