#include "agent/energy/transformer_metrics.hpp"

#include <limits>

namespace kilnwatt::energy {

double transformer_loss(transformer_plate const& plate, double s)
{
    if (plate.rated_va <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    auto const rate = s / plate.rated_va;
    return plate.no_load_loss_w + rate * rate * plate.load_loss_w;
}

} // namespace kilnwatt::energy
