#pragma once

#include "core/time.hpp"
#include "simulator/noise.hpp"

namespace kilnwatt::simulator {

struct weather_state {
    double sun_elevation = 0; ///< degrees
    double irradiance = 0;    ///< plane of array, W/m2
    double clearness = 0;     ///< share of the clear-sky irradiance, about 0.15..1.05
    double ambient_c = 0;
    double module_c = 0;
    double wind_ms = 0;
};

/// Clear-sky irradiance on the level (Haurwitz 1945), W/m2.
double clear_sky(double sin_elevation);

/// What falls on the roof of `level` W/m2 on the level: beam and isotropic sky apart, more sky under clouds.
double on_roof(double level, double clearness, double sin_elevation, double cos_incidence, double tilt_degrees);

/// Clouds that come in spells of hours with gaps of minutes, air with a daily and a yearly swing, modules that follow
/// the sun with five minutes' delay.
class weather {
public:
    weather(std::uint64_t seed, utc_time start);

    /// Goes on one second; `t` is the start of that second.
    weather_state const& step(utc_time t);

private:
    drift spells_;
    drift gaps_;
    drift air_;
    drift wind_;
    weather_state now_;
};

} // namespace kilnwatt::simulator
