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

double direct_use(double pv, double load, double charge)
{
    return std::min(none_below_zero(pv), none_below_zero(load) + none_below_zero(charge));
}

double own_supply(double pv, double load, double charge, double discharge)
{
    return std::min(none_below_zero(pv - charge) + none_below_zero(discharge), none_below_zero(load));
}

double first_share(double pv, double key)
{
    return std::min(none_below_zero(pv), none_below_zero(key));
}

} // namespace kilnwatt::energy
