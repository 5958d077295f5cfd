#include "agent/energy/demand.hpp"

#include <numeric>

namespace kilnwatt::energy {

void sliding_demand::next(std::optional<double> kw)
{
    if (!kw) {
        last_.clear();
        return;
    }
    last_.push_back(*kw);
    if (last_.size() > minutes)
        last_.pop_front();
}

std::optional<double> sliding_demand::value() const
{
    if (last_.size() < minutes)
        return std::nullopt;
    return std::accumulate(last_.begin(), last_.end(), 0.0) / static_cast<double>(minutes);
}

} // namespace kilnwatt::energy
