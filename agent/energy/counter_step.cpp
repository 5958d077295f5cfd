#include "agent/energy/counter_step.hpp"

#include <cmath>

namespace kilnwatt::energy {

step_verdict judge(double previous, double current, counter_limits const& l)
{
    auto const rise = current - previous;
    if (rise >= 0)
        return {rise > l.rise ? counter_step::too_far : counter_step::forward, rise};
    if (-rise <= jitter_steps * l.resolution)
        return {counter_step::jitter, 0};
    auto const rated = std::isfinite(l.rise);
    auto const wrapped = l.modulus - previous + current;
    if (l.modulus > 0 && wrapped >= 0 && wrapped <= (rated ? l.rise : unrated_share * l.modulus))
        return {counter_step::rollover, wrapped};
    if (current >= 0 && current <= (rated ? l.rise : unrated_share * previous))
        return {counter_step::reset, current};
    return {counter_step::replaced, 0};
}

} // namespace kilnwatt::energy
