#pragma once

#include "agent/energy/window_grid.hpp"

namespace kilnwatt::energy {

/// Elevation of the sun in degrees at a place (degrees, north and east positive), without refraction; NOAA's short
/// form, good to about 0.1 degrees.
double sun_elevation(instant utc, double latitude, double longitude);

} // namespace kilnwatt::energy
