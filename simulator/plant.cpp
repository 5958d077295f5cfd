#include "simulator/plant.hpp"

#include "simulator/sun.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::simulator {
namespace {

using std::chrono::seconds;

constexpr transformer_plate trf;
constexpr double kwh = 3.6e6; // J
constexpr double low_nominal_v = 231.0;
constexpr double high_nominal_v = 10e3 / 1.7320508075688772;
constexpr double peak_start_h = 18.0;
constexpr double peak_end_h = 22.0;

ledger first_counters(std::uint64_t seed)
{
    ledger out;
    random_source dice{seed, 1};
    for (std::size_t i = 0; i < quantity_count; ++i) {
        auto const& m = meaning_of(static_cast<quantity>(i));
        out.value[i] = dice.uniform(m.first_min, m.first_max);
    }
    return out;
}

/// What the transformer adds between its two sides.
feeder transformer_losses(feeder low)
{
    auto const load = low.apparent_va() / trf.rated_va;
    return {trf.no_load_w + load * load * trf.load_w,
            (trf.no_load_current + load * load * trf.short_circuit) * trf.rated_va};
}

double positive(double x)
{
    return std::max(x, 0.0);
}

} // namespace

plant::plant(std::uint64_t seed, utc_time start)
    : seed_{seed}, start_{std::chrono::floor<seconds>(start)}, now_{start_}, second_{start_}, weather_{seed, start_},
      machines_{seed}, kiln_{seed}, boiler_{seed}, battery_{{}, random_source{seed, 2}.uniform(0.3, 0.6)},
      frequency_{30, random_source{seed, 61}}, voltage_{drift{600, random_source{seed, 62}},
                                                        drift{600, random_source{seed, 63}},
                                                        drift{600, random_source{seed, 64}}},
      first_{first_counters(seed)}
{
    begin_second();
}

void plant::advance_to(utc_time t)
{
    while (t >= second_ + seconds{1})
        end_second();
    now_ = std::max(now_, t);
}

double plant::counter(quantity q) const
{
    auto const elapsed = std::chrono::duration<double>{now_ - second_}.count();
    return first_[q] + flowed_[q] + rates_[q] * elapsed;
}

ledger plant::since_start() const
{
    auto out = flowed_;
    out += rates_ * std::chrono::duration<double>{now_ - second_}.count();
    return out;
}

double plant::today(quantity q) const
{
    auto const elapsed = std::chrono::duration<double>{now_ - second_}.count();
    return flowed_[q] - midnight_[q] + rates_[q] * elapsed;
}

void plant::end_second()
{
    flowed_ += rates_;
    battery_.pass();
    second_ += seconds{1};
    now_ = second_;
    if (on_minute && std::chrono::floor<std::chrono::minutes>(second_) == second_)
        on_minute(second_, flowed_);
    auto const local = second_ + std::chrono::hours{site_utc_offset_h};
    if (std::chrono::floor<std::chrono::days>(local) == local)
        midnight_ = flowed_;
    begin_second();
}

void plant::begin_second()
{
    state_.sky = weather_.step(second_);
    state_.pv[0] = convert(roof_1, state_.sky.irradiance, state_.sky.module_c, state_.sky.ambient_c);
    state_.pv[1] = convert(roof_2, state_.sky.irradiance, state_.sky.module_c, state_.sky.ambient_c);
    state_.kiln = kiln_.step(state_.sky.ambient_c);
    state_.boiler = boiler_.step(second_, state_.sky.ambient_c);
    state_.loads = machines_.step(second_, state_.kiln.cars_tph / 2.1);
    run_supply();
    balance();
    set_rates();
}

void plant::run_supply()
{
    constexpr std::array unbalance{1.003, 0.998, 0.999};
    state_.supply.hz = 50.0 + 0.015 * frequency_.next();
    for (std::size_t i = 0; i < 3; ++i) {
        auto const level = unbalance[i] * (1.0 + 0.004 * voltage_[i].next());
        state_.supply.low_v[i] = low_nominal_v * level;
        state_.supply.high_v[i] = high_nominal_v * level;
    }
}

/// Sources and loads meet on the 0.4 kV side; the grid gives or takes what is left, and the transformer's losses.
void plant::balance()
{
    auto const& l = state_.loads;
    auto const load_w = l.mill_feeder.p_w + l.press_feeder.p_w + l.kiln_fans.p_w + l.compressor.at.p_w + l.other.p_w;
    auto const load_var =
        l.mill_feeder.q_var + l.press_feeder.q_var + l.kiln_fans.q_var + l.compressor.at.q_var + l.other.q_var;
    auto const pv_w = state_.pv[0].ac_w + state_.pv[1].ac_w;
    auto const hour = local_hour(second_);
    state_.battery_soc = battery_.soc();
    state_.battery_w = battery_.choose(pv_w - load_w, hour >= peak_start_h && hour < peak_end_h);
    state_.transformer = {load_w - pv_w - state_.battery_w, load_var};
    auto const losses = transformer_losses(state_.transformer);
    state_.grid = {state_.transformer.p_w + losses.p_w, state_.transformer.q_var + losses.q_var};
}

void plant::set_rates()
{
    using enum quantity;
    auto const& s = state_;
    auto& r = rates_;
    r[pv1_e] = s.pv[0].ac_w / kwh;
    r[pv2_e] = s.pv[1].ac_w / kwh;
    r[pv1_e_dc] = s.pv[0].dc_w / kwh;
    r[pv2_e_dc] = s.pv[1].dc_w / kwh;
    r[h_poa] = s.sky.irradiance / kwh;
    r[pv_e_reference] = (s.pv[0].reference_w + s.pv[1].reference_w) / kwh;
    r[pv_e_reference_stc] = (s.pv[0].reference_stc_w + s.pv[1].reference_stc_w) / kwh;
    r[grid_e_imp] = positive(s.grid.p_w) / kwh;
    r[grid_e_exp] = positive(-s.grid.p_w) / kwh;
    r[grid_eq_imp] = positive(s.grid.q_var) / kwh;
    r[grid_eq_exp] = positive(-s.grid.q_var) / kwh;
    r[trf_e_imp] = positive(s.transformer.p_w) / kwh;
    r[trf_e_exp] = positive(-s.transformer.p_w) / kwh;
    r[trf_eq_imp] = positive(s.transformer.q_var) / kwh;
    r[trf_eq_exp] = positive(-s.transformer.q_var) / kwh;
    r[trf_e_loss] = (s.grid.p_w - s.transformer.p_w) / kwh;
    r[bat_e_cha] = positive(-s.battery_w) / kwh;
    r[bat_e_dis] = positive(s.battery_w) / kwh;
    r[bat_stored] = -battery_.cell_power_w() / kwh;
    r[heat_q] = s.kiln.heat_w / kwh;
    r[heat_v] = s.kiln.water_m3h / 3600;
    r[whr_q_extracted] = s.kiln.extracted_w / kwh;
    r[whr_q_available] = s.kiln.available_w / kwh;
    r[kiln_gas] = s.kiln.gas_nm3h / 3600;
    r[boiler_gas] = s.boiler.gas_nm3h / 3600;
    r[steam_m] = s.boiler.steam_kgh / 1000 / 3600;
    r[steam_q] = s.boiler.steam_w / 1e9;
    r[production] = s.kiln.cars_tph / 3600;
    r[mill_e] = s.loads.mill_feeder.p_w / kwh;
    r[mill_eq] = s.loads.mill_feeder.q_var / kwh;
    r[mill_e_motor] = s.loads.mill.motor_w / kwh;
    r[mill_e_shaft] = s.loads.mill.shaft_w / kwh;
    r[mill_run] = (s.loads.mill.speed_rpm > 0 ? 1.0 : 0.0) / 3600;
    r[press_e] = s.loads.press_feeder.p_w / kwh;
    r[press_eq] = s.loads.press_feeder.q_var / kwh;
    r[press_e_motor] = s.loads.press.motor_w / kwh;
    r[press_e_shaft] = s.loads.press.shaft_w / kwh;
    r[press_run] = (s.loads.press.speed_rpm > 0 ? 1.0 : 0.0) / 3600;
    r[kiln_e] = s.loads.kiln_fans.p_w / kwh;
    r[kiln_eq] = s.loads.kiln_fans.q_var / kwh;
    r[compressor_e] = s.loads.compressor.at.p_w / kwh;
    r[compressor_eq] = s.loads.compressor.at.q_var / kwh;
    r[compressor_air] = s.loads.compressor.air_m3h / 3600;
    r[compressor_run] = 1.0 / 3600;
    r[other_e] = s.loads.other.p_w / kwh;
}

} // namespace kilnwatt::simulator
