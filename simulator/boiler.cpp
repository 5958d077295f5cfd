#include "simulator/boiler.hpp"

#include "simulator/kiln.hpp"
#include "simulator/sun.hpp"
#include "simulator/water.hpp"

#include <algorithm>

namespace kilnwatt::simulator {
namespace {

constexpr double shift_start_h = 6.0;
constexpr double shift_end_h = 22.0;
constexpr double ramp_s = 900.0;
constexpr double rated_kgh = 4000.0;

} // namespace

boiler::boiler(std::uint64_t seed)
    : demand_{1500, random_source{seed, 41}}, pressure_{120, random_source{seed, 42}}, feed_{1800,
                                                                                             random_source{seed, 43}}
{}

boiler_state const& boiler::step(utc_time t, double ambient_c)
{
    auto const hour = local_hour(t);
    auto const shift = hour >= shift_start_h && hour < shift_end_h;
    if (first_)
        level_ = shift ? 1.0 : 0.0;
    first_ = false;
    level_ = std::clamp(level_ + (shift ? 1.0 : -1.0) / ramp_s, 0.0, 1.0);
    auto const demand = std::clamp(2600.0 + 300.0 * demand_.next(), 2000.0, rated_kgh);
    auto const pressure_mpa = 0.8 + 0.006 * pressure_.next();
    now_.feed_water_c = 60.0 + 1.2 * feed_.next();
    now_.firing = level_ > 0;
    now_.steam_kgh = demand * level_;
    now_.pressure_pa = (0.1013 + (pressure_mpa - 0.1013) * level_) * 1e6;

    auto const load = now_.steam_kgh / rated_kgh;
    now_.efficiency = now_.firing ? 0.921 - 0.012 * load - 0.004 / (load + 0.1) : 0.0;
    auto const rise = steam_enthalpy(now_.pressure_pa / 1e6) - water_enthalpy(now_.feed_water_c); // kJ/kg
    now_.steam_w = now_.steam_kgh * rise / 3.6;
    now_.gas_nm3h = now_.firing ? now_.steam_w * 3600.0 / (now_.efficiency * gas_lhv_mj * 1e6) : 0.0;
    now_.flue_c = ambient_c + (now_.firing ? 80.0 + 55.0 * load : 0.0);
    return now_;
}

} // namespace kilnwatt::simulator
