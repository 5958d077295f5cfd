#include "drivers/limit_watch.hpp"

#include <cmath>

namespace kilnwatt::drivers {
namespace {

bool is_outside(double v, std::optional<double> const& min, std::optional<double> const& max)
{
    return (min && v < *min) || (max && v > *max);
}

} // namespace

quality limit_watch::judge(point_limits const& limits, double value, mono_time now)
{
    if (is_outside(value, limits.physical_min, limits.physical_max))
        return quality::out_of_range;
    sample const seen{value, now};
    if (believed_ && is_step(limits, *believed_, seen) && (!doubted_ || is_step(limits, *doubted_, seen))) {
        doubted_ = seen;
        return quality::out_of_range;
    }
    doubted_.reset();
    believed_ = seen;
    return is_outside(value, limits.engineering_min, limits.engineering_max) ? quality::engineering_range
                                                                             : quality::good;
}

bool limit_watch::is_step(point_limits const& limits, sample const& from, sample const& to)
{
    if (!limits.max_rate || to.time <= from.time)
        return false;
    auto const seconds = std::chrono::duration<double>(to.time - from.time).count();
    return std::abs(to.value - from.value) > *limits.max_rate * seconds;
}

} // namespace kilnwatt::drivers
