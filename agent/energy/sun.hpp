#pragma once

#include "agent/energy/window_grid.hpp"

namespace kilnwatt::energy {

/// Where the sun stands against a clock and the equator; NOAA's short form.
struct sun_course {
    double equation_of_time = 0; ///< min that a sundial is ahead of the mean time
    double declination = 0;      ///< degrees, north positive
};
sun_course sun_course_at(instant utc);

/// Elevation of the sun in degrees at a place (degrees, north and east positive), without refraction; good to
/// about 0.1 degrees.
double sun_elevation(instant utc, double latitude, double longitude);

} // namespace kilnwatt::energy
