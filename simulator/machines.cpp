#include "simulator/machines.hpp"

#include "simulator/sun.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::simulator {
namespace {

constexpr double synchronous_rpm = 1500.0;
constexpr double net_low_pa = 650e3;
constexpr double net_high_pa = 720e3;

/// Share of the day shift that is at work: 1 by day, 0 at night, an hour's slope between.
double day_shift(utc_time t)
{
    auto const hour = local_hour(t);
    return std::clamp(std::min(hour - 6.5, 21.5 - hour), 0.0, 1.0);
}

} // namespace

double feeder::apparent_va() const
{
    return std::hypot(p_w, q_var);
}

double feeder::power_factor() const
{
    auto const s = apparent_va();
    return s > 0 ? p_w / s : 1.0;
}

feeder lagging(double p_w, double power_factor)
{
    return {p_w, p_w * std::tan(std::acos(power_factor))};
}

machines::machines(std::uint64_t seed)
    : mill_duty_{{5.0 * 3600, 7.0 * 3600, 1800, 3600, 25}, random_source{seed, 51}},
      press_duty_{{1.5 * 3600, 4.0 * 3600, 600, 2400, 15}, random_source{seed, 52}},
      mill_charge_{1200, random_source{seed, 53}}, press_speed_{600, random_source{seed, 54}},
      press_pressure_{900, random_source{seed, 55}}, fans_{600, random_source{seed, 56}},
      air_demand_{1200, random_source{seed, 57}}, other_{900, random_source{seed, 58}}
{
    now_.compressor.pressure_pa = net_low_pa;
}

machines_state const& machines::step(utc_time t, double kiln_pace)
{
    auto const mill_load = std::clamp(0.84 + 0.03 * mill_charge_.next(), 0.6, 1.05);
    auto const mill_level = mill_duty_.next();
    auto const mill_rpm = mill_level * (synchronous_rpm - (synchronous_rpm - mill_plate.rated_rpm) * mill_load);
    now_.mill = run_motor(mill_plate, mill_rpm, mill_load * rated_torque(mill_plate));
    now_.mill_feeder = lagging(now_.mill.input_w, 0.95);

    auto const press_level = press_duty_.next();
    auto const press_rpm =
        press_level * press_plate.rated_rpm * std::clamp(0.74 + 0.11 * press_speed_.next(), 0.4, 1.0);
    auto const press_load = std::clamp(0.80 + 0.06 * press_pressure_.next(), 0.5, 1.05);
    now_.press = run_motor(press_plate, press_rpm, press_load * rated_torque(press_plate));
    now_.press_feeder = lagging(now_.press.input_w, 0.96);

    now_.kiln_fans = lagging(54e3 + 6e3 * kiln_pace + 1.5e3 * fans_.next(), 0.93);
    run_compressor();
    auto const other_share = 0.25 + 0.75 * day_shift(t);
    now_.other = lagging(80e3 * other_share * (1.0 + 0.03 * other_.next()), 0.92);
    return now_;
}

/// The net's pressure falls with the demand and rises under load; the compressor loads and unloads at two marks.
void machines::run_compressor()
{
    constexpr double full_air_m3h = 720.0;
    constexpr double pascal_per_m3 = 101.325e3 / 6.0; // a net of 6 m3
    auto& c = now_.compressor;
    auto const demand = full_air_m3h * std::clamp(0.62 + 0.10 * air_demand_.next(), 0.2, 0.95);
    if (c.pressure_pa <= net_low_pa)
        c.loaded = true;
    else if (c.pressure_pa >= net_high_pa)
        c.loaded = false;
    c.air_m3h = c.loaded ? full_air_m3h : 0.0;
    c.pressure_pa += (c.air_m3h - demand) / 3600.0 * pascal_per_m3;
    c.at = c.loaded ? lagging(75e3, 0.88) : lagging(24e3, 0.62);
}

} // namespace kilnwatt::simulator
