#include "agent/energy/carriers.hpp"

namespace kilnwatt::energy {

quantity carrier_sum(std::span<carrier_use const> uses)
{
    quantity sum;
    for (auto const& u : uses)
        sum = sum + u.amount * u.coefficient;
    return sum;
}

} // namespace kilnwatt::energy
