#include "agent/energy/pv_metrics.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr double w_per_kw = 1000;

double none_below_zero(double x)
{
    return std::max(x, 0.0);
}

} // namespace

double reference_energy(double rated_w, double insolation)
{
    return rated_w / w_per_kw * insolation;
}

double inverter_rating(array_plate const& plate)
{
    return plate.inverter_rated_w > 0 ? plate.inverter_rated_w : plate.rated_w;
}

double temperature_factor(double gamma, double t_module, double reference)
{
    return 1 + gamma * (t_module - reference);
}

double expected_power(array_plate const& plate, double irradiance, double t_module, double reference_ratio)
{
    constexpr double g_stc = 1000;
    auto const p = plate.rated_w * irradiance / g_stc * temperature_factor(plate.temperature_coefficient, t_module) *
                   reference_ratio;
    return plate.inverter_rated_w > 0 ? std::min(p, plate.inverter_rated_w) : p;
}

double european_efficiency(double e5, double e10, double e20, double e30, double e50, double e100)
{
    return 0.03 * e5 + 0.06 * e10 + 0.13 * e20 + 0.10 * e30 + 0.48 * e50 + 0.20 * e100;
}

double cec_efficiency(double e10, double e20, double e30, double e50, double e75, double e100)
{
    return 0.04 * e10 + 0.05 * e20 + 0.12 * e30 + 0.21 * e50 + 0.53 * e75 + 0.05 * e100;
}

double availability(double available, double total, double unknown, double excluded)
{
    return available / (total - unknown - excluded);
}

double direct_use(double pv, double load, double charge)
{
    return std::min(none_below_zero(pv), none_below_zero(load) + none_below_zero(charge));
}

double own_supply(double pv, double load, double charge, double discharge)
{
    return std::min(none_below_zero(pv - charge) + none_below_zero(discharge), none_below_zero(load));
}

double proportional_share(double pv, double key, double load)
{
    return load > 0 ? std::min(std::max(pv, 0.0), load) * std::clamp(key / load, 0.0, 1.0) : 0;
}

double first_share(double pv, double key)
{
    return std::min(none_below_zero(pv), none_below_zero(key));
}

} // namespace kilnwatt::energy
