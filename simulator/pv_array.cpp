#include "simulator/pv_array.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::simulator {
namespace {

constexpr double fixed_part = 0.003;
constexpr double linear_part = 0.006;
constexpr double square_part = 0.009;
constexpr double start_share = 0.01; ///< of the rating, on the DC side
constexpr double daylight = 2.0;     ///< W/m2

/// The DC power at which the AC side is at its rating: the smaller root of dc - loss(dc) = rating.
double dc_limit(double inverter_w)
{
    auto const a = square_part;
    auto const b = -(1.0 - linear_part);
    auto const c = 1.0 + fixed_part;
    return inverter_w * (-b - std::sqrt(b * b - 4.0 * a * c)) / (2.0 * a);
}

} // namespace

double inverter_loss(double dc_w, double inverter_w)
{
    auto const x = dc_w / inverter_w;
    return inverter_w * (fixed_part + linear_part * x + square_part * x * x);
}

array_output convert(array_plate const& plate, double irradiance, double module_c, double ambient_c)
{
    array_output out;
    auto const correction = 1.0 + plate.gamma * (module_c - 25.0);
    out.reference_w = plate.rated_w * irradiance / 1000.0;
    out.reference_stc_w = out.reference_w * correction;
    out.cabinet_c = ambient_c;
    auto const available = out.reference_stc_w * plate.mismatch;
    if (available < start_share * plate.inverter_w) {
        out.state = irradiance > daylight ? inverter_state::standby : inverter_state::sleeping;
        return out;
    }
    auto const limit = dc_limit(plate.inverter_w);
    out.state = available > limit ? inverter_state::throttled : inverter_state::running;
    out.dc_w = std::min(available, limit);
    out.ac_w = out.dc_w - inverter_loss(out.dc_w, plate.inverter_w);
    out.dc_v = 720.0 * (1.0 - 0.0028 * (module_c - 25.0)) * (out.state == inverter_state::throttled ? 1.04 : 1.0);
    out.cabinet_c = ambient_c + 8.0 + 18.0 * out.ac_w / plate.inverter_w;
    return out;
}

} // namespace kilnwatt::simulator
