#include "agent/energy/aggregate_quality.hpp"

namespace kilnwatt::energy {

quality weighed(quality q, std::int64_t dubious, std::int64_t length) noexcept
{
    auto const little = static_cast<double>(dubious) <= (1 - coverage_good) * static_cast<double>(length);
    return severity_of(q) == severity::uncertain && little ? quality::good : q;
}

quality graded(quality q, double coverage) noexcept
{
    if (coverage < coverage_usable)
        return quality::coverage_too_low;
    return coverage < coverage_good ? combined(q, quality::low_coverage) : q;
}

} // namespace kilnwatt::energy
