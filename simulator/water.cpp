#include "simulator/water.hpp"

#include <cmath>

namespace kilnwatt::simulator {

double water_density(double t)
{
    return 1000.63172 +
           t * (0.047236109 + t * (-7.55721896e-3 + t * (4.62650593e-5 + t * (-2.08567074e-7 + t * 3.87435942e-10))));
}

double water_enthalpy(double t)
{
    return 1.59729287 +
           t * (4.20486282 + t * (-8.56207306e-4 + t * (9.87961305e-6 + t * (-4.20103634e-8 + t * 1.02864772e-10))));
}

double steam_enthalpy(double pressure_mpa)
{
    auto const x = std::log(pressure_mpa);
    return 2777.18945 + x * (37.8566428 + x * (-8.06556031 + x * (-3.40957802 - x * 0.497881968)));
}

double thermal_power(double flow_m3h, double supply_c, double return_c)
{
    auto const mass_flow = water_density(return_c) * flow_m3h / 3600.0; // kg/s
    return mass_flow * (water_enthalpy(supply_c) - water_enthalpy(return_c)) * 1000.0;
}

} // namespace kilnwatt::simulator
