#include "agent/energy/transformer_metrics.hpp"

#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

constexpr double kw_per_kvar = 0.04; ///< K_Q: active loss that a kvar causes in the supply

} // namespace

double transformer_loss(transformer_plate const& plate, double s)
{
    if (plate.rated_va <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    auto const rate = s / plate.rated_va;
    return plate.no_load_loss_w + rate * rate * plate.load_loss_w;
}

double comprehensive_loss(transformer_plate const& plate, double s)
{
    auto const rate = s / plate.rated_va;
    return transformer_loss(plate, s) +
           kw_per_kvar * plate.rated_va * (plate.no_load_current + rate * rate * plate.short_circuit_voltage);
}

double best_load(transformer_plate const& plate)
{
    return std::sqrt(plate.no_load_loss_w / plate.load_loss_w);
}

} // namespace kilnwatt::energy
