#include "agent/energy/aggregate_quality.hpp"

namespace kilnwatt::energy {

quality graded(quality q, double coverage) noexcept
{
    if (coverage < coverage_usable)
        return quality::coverage_too_low;
    return coverage < coverage_good ? combined(q, quality::low_coverage) : q;
}

} // namespace kilnwatt::energy
