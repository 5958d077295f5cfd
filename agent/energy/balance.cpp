#include "agent/energy/balance.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {

double balance_check::share() const
{
    return size > 0 ? std::abs(residual.value) / size : 0;
}

balance_check check_balance(energy_flows const& f, quantity const& loads)
{
    auto const left = f.sources();
    auto const right = loads + f.exported + f.charged + f.lost;
    return {left - right, std::max(left.value, right.value)};
}

} // namespace kilnwatt::energy
