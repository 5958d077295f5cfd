#include "agent/savings/reduction.hpp"

#include <cmath>
#include <limits>

namespace kilnwatt::savings {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

} // namespace

double reduction(double base, double end)
{
    return base > 0 ? 1 - end / base : none;
}

double chained_reduction(std::span<double const> yearly)
{
    double left = 1;
    for (auto const r : yearly)
        left *= 1 - r;
    return 1 - left;
}

double annual_rate(double cumulative, int years)
{
    return years >= 1 && cumulative < 1 ? 1 - std::pow(1 - cumulative, 1.0 / years) : none;
}

double after_reduction(double base, double fraction)
{
    return base * (1 - fraction);
}

double target_progress(double base, double now, double target)
{
    return target > 0 ? reduction(base, now) / target : none;
}

double absolute_reduction(double per_unit, double throughput)
{
    return 1 - (1 - per_unit) * (1 + throughput);
}

double utilisation_change(double base_input_per_work, double input_per_work)
{
    return input_per_work > 0 ? base_input_per_work / input_per_work - 1 : none;
}

double relative_change(double base, double now)
{
    return base > 0 ? now / base - 1 : none;
}

} // namespace kilnwatt::savings
