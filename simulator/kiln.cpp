#include "simulator/kiln.hpp"

#include "simulator/water.hpp"

#include <algorithm>

namespace kilnwatt::simulator {
namespace {

constexpr double gas_nominal_nm3h = 200.0;
constexpr double gas_max_nm3h = 300.0;
constexpr double gas_closed_pa = 30e3; ///< in the pipe when nothing flows
constexpr double gas_drop_pa = 6e3;    ///< lost in the pipe at full flow
constexpr double pace_nominal_tph = 2.1;
constexpr double ware_share = 0.3;       ///< of the firing heat that goes with the ware
constexpr double time_constant_s = 7200; ///< of the brickwork
constexpr double room_c = 25.0;

constexpr double flue_per_gas = 24.75;      ///< Nm3 of flue gas a Nm3 of natural gas at an air ratio of 2.5
constexpr double flue_heat_capacity = 1.38; ///< kJ/(Nm3 K)
constexpr double water_lag_s = 120.0;

constexpr double kw_of(double nm3h, double kelvin)
{
    return nm3h * flue_heat_capacity * kelvin / 3600.0;
}

} // namespace

kiln::kiln(std::uint64_t seed)
    : cars_{{3.0 * 3600, 6.0 * 3600, 480, 1200, 60}, random_source{seed, 31}}, pace_{1800, random_source{seed, 32}},
      draught_{300, random_source{seed, 33}}, pump_{1200, random_source{seed, 34}}, consumers_{2400,
                                                                                               random_source{seed, 35}}
{
    now_.supply_c = 82.0;
}

kiln_state const& kiln::step(double ambient_c)
{
    now_.cars_tph = pace_nominal_tph * (1.0 + 0.05 * pace_.next()) * cars_.next();
    fire();
    recover(ambient_c);
    return now_;
}

/// Heat balance of the firing zone in units of its nominal firing rate, under a PI controller on the gas valve.
void kiln::fire()
{
    constexpr double proportional = 0.05; // 1/K
    constexpr double integral_time_s = 900.0;
    auto const error = now_.setpoint_c - now_.temperature_c;
    auto const demand = std::clamp(1.0 + proportional * error + integral_, 0.3, gas_max_nm3h / gas_nominal_nm3h);
    integral_ = std::clamp(integral_ + proportional * error / integral_time_s, -0.5, 0.5);
    now_.gas_nm3h = gas_nominal_nm3h * demand;
    auto const opening = now_.gas_nm3h / gas_max_nm3h;
    now_.output_percent = 100.0 * opening;
    now_.gas_pressure_pa = gas_closed_pa - gas_drop_pa * opening * opening;

    auto const span = now_.setpoint_c - room_c;
    auto const losses = (1.0 - ware_share) * (now_.temperature_c - room_c) / span +
                        ware_share * now_.cars_tph / pace_nominal_tph + 0.02 * draught_.next();
    now_.temperature_c += (demand - losses) * span / time_constant_s;
}

/// The flue gas warms a water circuit; what the meter shows follows from the flow and the two temperatures.
void kiln::recover(double ambient_c)
{
    constexpr double exchanger_share = 0.62; // of the heat above the water's temperature
    constexpr double delivered_share = 0.94; // of what the gas loses
    now_.flue_nm3h = flue_per_gas * now_.gas_nm3h;
    now_.flue_in_c = 310.0 + 40.0 * (now_.gas_nm3h / gas_nominal_nm3h - 1.0) + 4.0 * draught_.value();
    now_.water_m3h = 12.0 * (1.0 + 0.03 * pump_.next());
    now_.return_c = 60.0 + 1.5 * consumers_.next();

    auto const taken_kw = exchanger_share * kw_of(now_.flue_nm3h, now_.flue_in_c - now_.return_c);
    auto const rise_at_rest = taken_kw * delivered_share / (1.14 * now_.water_m3h);
    now_.supply_c += (now_.return_c + rise_at_rest - now_.supply_c) / water_lag_s;
    now_.heat_w = thermal_power(now_.water_m3h, now_.supply_c, now_.return_c);
    now_.extracted_w = now_.heat_w / delivered_share;
    now_.available_w = kw_of(now_.flue_nm3h, now_.flue_in_c - ambient_c) * 1000.0;
    now_.flue_out_c = now_.flue_in_c - now_.extracted_w / 1000.0 / kw_of(now_.flue_nm3h, 1.0);
}

} // namespace kilnwatt::simulator
