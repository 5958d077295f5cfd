#pragma once

#include "agent/energy/window_grid.hpp"

namespace kilnwatt::energy {

/// Where the sun stands against a clock and the equator; NOAA's short form.
struct sun_course {
    double equation_of_time = 0; ///< min that a sundial is ahead of the mean time
    double declination = 0;      ///< degrees, north positive
};
sun_course sun_course_at(instant utc);

/// Where the plant lies, degrees; north and east are positive.
struct geographic_location {
    double latitude = 0;
    double longitude = 0;
};

/// Elevation of the sun in degrees at a place (degrees, north and east positive), without refraction; good to
/// about 0.1 degrees.
double sun_elevation(instant utc, double latitude, double longitude);

/// The share of the sun's energy between `from` and `to` that comes until `t` (from <= t <= to), 0 to 1: by the sine of
/// its elevation, in steps of at most 5 minutes. By time alone where it does not rise in between.
double sun_share(instant from, instant t, instant to, geographic_location place);

} // namespace kilnwatt::energy
