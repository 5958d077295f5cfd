#include "agent/energy/water.hpp"

#include "agent/energy/physical_constants.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

struct term {
    int i;
    int j;
    double n;
};

constexpr double gas_constant = 0.461526; ///< kJ/(kg K)
constexpr double pressure_star = 16.53;   ///< MPa
constexpr double temperature_star = 1386; ///< K
constexpr double t_max = 350;

/// IAPWS R7-97(2012), table 2.
// clang-format off
constexpr std::array<term, 34> terms{{
    {0, -2, 0.14632971213167}, {0, -1, -0.84548187169114}, {0, 0, -3.756360367204}, {0, 1, 3.3855169168385},
    {0, 2, -0.95791963387872}, {0, 3, 0.15772038513228}, {0, 4, -0.016616417199501}, {0, 5, 0.00081214629983568},
    {1, -9, 0.00028319080123804}, {1, -7, -0.00060706301565874}, {1, -1, -0.018990068218419},
    {1, 0, -0.032529748770505}, {1, 1, -0.021841717175414}, {1, 3, -5.283835796993e-05},
    {2, -3, -0.00047184321073267}, {2, 0, -0.00030001780793026}, {2, 1, 4.7661393906987e-05},
    {2, 3, -4.4141845330846e-06}, {2, 17, -7.2694996297594e-16}, {3, -4, -3.1679644845054e-05},
    {3, 0, -2.8270797985312e-06}, {3, 6, -8.5205128120103e-10}, {4, -5, -2.2425281908e-06},
    {4, -2, -6.5171222895601e-07}, {4, 10, -1.4341729937924e-13}, {5, -8, -4.0516996860117e-07},
    {8, -11, -1.2734301741641e-09}, {8, -6, -1.7424871230634e-10}, {21, -29, -6.8762131295531e-19},
    {23, -31, 1.4478307828521e-20}, {29, -38, 2.6335781662795e-23}, {30, -39, -1.1947622640071e-23},
    {31, -40, 1.8228094581404e-24}, {32, -41, -9.3537087292458e-26},
}};
// clang-format on

} // namespace

double water_enthalpy(double t, double p_mpa)
{
    if (!(t >= 0 && t <= t_max))
        return std::numeric_limits<double>::quiet_NaN();
    auto const kelvin = t + zero_celsius;
    auto const pi = 7.1 - p_mpa / pressure_star;
    auto const tau = temperature_star / kelvin - 1.222;
    auto slope = 0.0; // of the free enthalpy with tau
    for (auto const& [i, j, n] : terms)
        slope += n * std::pow(pi, i) * j * std::pow(tau, j - 1);
    return temperature_star / kelvin * slope * gas_constant * kelvin;
}

double water_density(double t, double p_mpa)
{
    if (!(t >= 0 && t <= t_max))
        return std::numeric_limits<double>::quiet_NaN();
    auto const kelvin = t + zero_celsius;
    auto const pi = 7.1 - p_mpa / pressure_star;
    auto const tau = temperature_star / kelvin - 1.222;
    auto slope = 0.0; // of the free enthalpy with pi
    for (auto const& [i, j, n] : terms)
        slope -= n * i * std::pow(pi, i - 1) * std::pow(tau, j);
    constexpr double kpa_per_mpa = 1000;
    return kpa_per_mpa * pressure_star / (slope * gas_constant * kelvin);
}

double carried_heat(double volume, double t_in, double t_out, double t_sensor)
{
    constexpr double meter_pressure_mpa = 1.6;
    auto const drop = water_enthalpy(t_in, meter_pressure_mpa) - water_enthalpy(t_out, meter_pressure_mpa);
    return water_density(t_sensor, meter_pressure_mpa) * volume * drop / kj_per_kwh;
}

} // namespace kilnwatt::energy
