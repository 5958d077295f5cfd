#include "agent/energy/steam.hpp"

#include "agent/energy/physical_constants.hpp"
#include "agent/energy/water.hpp"

#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

constexpr double p_min = 0.1;
constexpr double p_max = 2.5;
constexpr double p_boiling_max = 16.5;

} // namespace

double saturated_steam_enthalpy(double p_mpa)
{
    if (!(p_mpa >= p_min && p_mpa <= p_max))
        return std::numeric_limits<double>::quiet_NaN();
    auto const x = std::log(p_mpa);
    return 2777.18945 + x * (37.8566428 + x * (-8.06556031 + x * (-3.40957802 - 0.497881968 * x)));
}

double saturation_temperature(double p_mpa)
{
    if (!(p_mpa >= p_min && p_mpa <= p_boiling_max))
        return std::numeric_limits<double>::quiet_NaN();
    constexpr double n[]{0.11670521452767e4,  -0.72421316703206e6, -0.17073846940092e2, 0.12020824702470e5,
                         -0.32325550322333e7, 0.14915108613530e2,  -0.48232657361591e4, 0.40511340542057e6,
                         -0.23855557567849,   0.65017534844798e3};
    constexpr double kelvin = 273.15;
    auto const b = std::pow(p_mpa, 0.25);
    auto const e = b * b + n[2] * b + n[5];
    auto const f = n[0] * b * b + n[3] * b + n[6];
    auto const g = n[1] * b * b + n[4] * b + n[7];
    auto const d = 2 * g / (-f - std::sqrt(f * f - 4 * e * g));
    return (n[9] + d - std::sqrt((n[9] + d) * (n[9] + d) - 4 * (n[8] + n[9] * d))) / 2 - kelvin;
}

double wet_steam_enthalpy(double p_mpa, double dryness)
{
    auto const dry = saturated_steam_enthalpy(p_mpa);
    if (dryness == 1)
        return dry;
    auto const liquid = water_enthalpy(saturation_temperature(p_mpa), p_mpa);
    return liquid + dryness * (dry - liquid);
}

double steam_heat(double mass, double h_steam, double h_feed)
{
    return mass * (h_steam - h_feed) / kj_per_kwh;
}

} // namespace kilnwatt::energy
