#include "simulator/weather.hpp"

#include "simulator/sun.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kilnwatt::simulator {
namespace {

constexpr double module_lag_s = 300.0;
constexpr double degree = std::numbers::pi / 180.0;

/// Temperature of a module above the air, by its nominal operating cell temperature of 45 degC at 800 W/m2.
double heating_of(double irradiance, double wind_ms)
{
    return irradiance * (45.0 - 20.0) / 800.0 * (1.0 - 0.04 * (wind_ms - 1.0));
}

double air_of(utc_time t)
{
    auto const season = std::cos(2.0 * std::numbers::pi * (day_of_year(t) - 200.0) / 365.0);
    auto const daily = std::cos(2.0 * std::numbers::pi * (local_hour(t) - 14.5) / 24.0);
    return 18.0 + 10.5 * season + 4.5 * daily;
}

} // namespace

double clear_sky(double sin_elevation)
{
    return sin_elevation <= 0 ? 0.0 : 1098.0 * sin_elevation * std::exp(-0.057 / sin_elevation);
}

double on_roof(double level, double clearness, double sin_elevation, double cos_incidence, double tilt_degrees)
{
    if (level <= 0)
        return 0;
    auto const beam_share = std::clamp(0.86 * clearness * clearness, 0.0, 0.88);
    auto const beam = level * beam_share * std::max(0.0, cos_incidence) / std::max(0.1, sin_elevation);
    auto const sky = level * (1.0 - beam_share) * (1.0 + std::cos(tilt_degrees * degree)) / 2.0;
    return beam + sky;
}

weather::weather(std::uint64_t seed, utc_time start)
    : spells_{3.0 * 3600.0, random_source{seed, 11}}, gaps_{240.0, random_source{seed, 12}},
      air_{4.0 * 3600.0, random_source{seed, 13}}, wind_{900.0, random_source{seed, 14}}
{
    step(start);
    now_.module_c = now_.ambient_c + heating_of(now_.irradiance, now_.wind_ms);
}

weather_state const& weather::step(utc_time t)
{
    auto const sun = sun_at(t);
    auto const spell = 1.0 / (1.0 + std::exp(-(1.1 + 1.3 * spells_.next())));
    // Broken skies flicker, clear and overcast ones do not.
    auto const flicker = 0.9 * spell * (1.0 - spell) * gaps_.next();
    now_.clearness = std::clamp(0.16 + 0.88 * spell + flicker, 0.12, 1.05);
    now_.sun_elevation = sun.elevation();
    now_.irradiance = on_roof(clear_sky(sun.sin_elevation) * now_.clearness, now_.clearness, sun.sin_elevation,
                              sun.cos_incidence, roof_tilt);
    now_.wind_ms = std::max(0.2, 2.2 + 1.0 * wind_.next());
    now_.ambient_c = air_of(t) + 1.3 * air_.next();
    auto const target = now_.ambient_c + heating_of(now_.irradiance, now_.wind_ms);
    now_.module_c += (target - now_.module_c) / module_lag_s;
    return now_;
}

} // namespace kilnwatt::simulator
