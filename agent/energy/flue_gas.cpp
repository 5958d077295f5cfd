#include "agent/energy/flue_gas.hpp"

#include "agent/energy/physical_constants.hpp"

namespace kilnwatt::energy {

double normal_flow(double flow, double t, double p_kpa)
{
    constexpr double atmosphere_kpa = 101.325;
    return flow * (p_kpa / atmosphere_kpa) * (zero_celsius / (zero_celsius + t));
}

double sensible_heat(double normal_flow, double from, double to, double heat_capacity)
{
    constexpr double seconds_per_hour = 3600;
    return normal_flow * heat_capacity * (from - to) / seconds_per_hour;
}

double displaced_fuel(double heat_gj, double boiler_efficiency, double lhv_mj)
{
    return 1000 * heat_gj / (boiler_efficiency * lhv_mj);
}

} // namespace kilnwatt::energy
