#include "agent/energy/steam.hpp"

#include "agent/energy/physical_constants.hpp"

#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

constexpr double p_min = 0.1;
constexpr double p_max = 2.5;

} // namespace

double saturated_steam_enthalpy(double p_mpa)
{
    if (!(p_mpa >= p_min && p_mpa <= p_max))
        return std::numeric_limits<double>::quiet_NaN();
    auto const x = std::log(p_mpa);
    return 2777.18945 + x * (37.8566428 + x * (-8.06556031 + x * (-3.40957802 - 0.497881968 * x)));
}

double steam_heat(double mass, double h_steam, double h_feed)
{
    return mass * (h_steam - h_feed) / kj_per_kwh;
}

} // namespace kilnwatt::energy
