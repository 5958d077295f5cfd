#pragma once

#include "core/time.hpp"

namespace kilnwatt::simulator {

/// Where the plant stands (Liling, Hunan) and how its roofs are tilted.
inline constexpr double site_latitude = 27.66;   ///< degrees north
inline constexpr double site_longitude = 113.50; ///< degrees east
inline constexpr double roof_tilt = 15.0;        ///< degrees towards the equator
inline constexpr int site_utc_offset_h = 8;      ///< local time, no daylight saving

/// The sun at one moment.
struct sun_position {
    double sin_elevation = 0; ///< of the sun above the horizon
    double cos_incidence = 0; ///< between the sun and the roof's normal

    double elevation() const; ///< degrees
};

/// NOAA's short form of the solar position (declination and equation of time as Fourier series of the day of year).
sun_position sun_at(utc_time t, double latitude = site_latitude, double longitude = site_longitude,
                    double tilt = roof_tilt);

/// Hours since local midnight, 0..24.
double local_hour(utc_time t);

/// Days since the start of the year in UTC, with the fraction of the day.
double day_of_year(utc_time t);

} // namespace kilnwatt::simulator
