#include "agent/energy/sample_period.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

bool near(instant a, instant b)
{
    return (a > b ? a - b : b - a) * 4 <= std::max(a, b);
}

} // namespace

void sample_period::saw(instant spacing)
{
    if (period == 0 || near(spacing, candidate)) {
        period = spacing;
        candidate = 0;
    } else {
        candidate = near(spacing, period) ? 0 : spacing;
    }
}

instant sample_period::max_hold() const
{
    return period == 0 ? hold_first : std::clamp(hold_periods * period, hold_min, hold_max);
}

} // namespace kilnwatt::energy
