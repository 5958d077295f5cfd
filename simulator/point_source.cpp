#include "simulator/point_source.hpp"

#include "simulator/electrical.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace kilnwatt::simulator {
namespace {

using enum quantity;
using words = std::vector<std::string_view>;
using maybe_source = std::optional<point_source>;
using source_finder = std::function<maybe_source(std::string_view point)>;
using source_table = std::map<std::string_view, point_source, std::less<>>;

constexpr double wh = 1000.0;      ///< a kWh
constexpr double seconds = 3600.0; ///< an hour
constexpr double kg_a_piece = 12.5;

/// A number that follows from the plant's state.
template <class F>
point_source show(F f)
{
    return number_source{[f](plant const& p) { return f(p.state()); }};
}

point_source count(quantity q, double factor = 1.0)
{
    return number_source{[q, factor](plant const& p) { return p.counter(q) * factor; }};
}

point_source count_today(quantity q, double factor)
{
    return number_source{[q, factor](plant const& p) { return p.today(q) * factor; }};
}

point_source constant(double v)
{
    return number_source{[v](plant const&) { return v; }};
}

template <class F>
point_source state(F f)
{
    return state_source{[f](plant const& p) { return f(p.state()); }};
}

maybe_source in(source_table const& table, std::string_view point)
{
    auto const found = table.find(point);
    return found == table.end() ? maybe_source{} : maybe_source{found->second};
}

template <class F>
electrical_view low_voltage(F feeder_of)
{
    return [feeder_of](plant const& p) {
        return electrical{feeder_of(p.state()), p.state().supply.low_v, p.state().supply.hz};
    };
}

words words_of(inverter_state s)
{
    switch (s) {
    case inverter_state::sleeping:
        return {"sleeping", "standby", "initial_standby", "stop", "stopped", "off"};
    case inverter_state::standby:
        return {"standby", "initial_standby", "starting", "stop", "stopped", "off"};
    case inverter_state::running:
        return {"running", "run", "on"};
    case inverter_state::throttled:
        return {"throttled", "derating", "derating_run", "running", "run", "on"};
    }
    return {};
}

/// "mppt3_voltage" of an array; nothing beyond its trackers.
maybe_source tracker_source(std::size_t i, array_plate const& plate, quantity dc_energy, std::string_view point)
{
    constexpr std::string_view prefix = "mppt";
    auto const bar = point.find('_');
    if (point.substr(0, prefix.size()) != prefix || bar == std::string_view::npos || bar <= prefix.size())
        return std::nullopt;
    auto number = 0;
    for (auto const c : point.substr(prefix.size(), bar - prefix.size()))
        number = c >= '0' && c <= '9' && number < 100 ? number * 10 + (c - '0') : 1000;
    if (number < 1 || number > plate.trackers)
        return std::nullopt;
    auto const what = point.substr(bar + 1);
    auto const share = 1.0 / plate.trackers;
    if (what == "voltage")
        return show([i](plant_state const& s) { return s.pv[i].dc_v; });
    if (what == "power")
        return show([i, share](plant_state const& s) { return s.pv[i].dc_w * share; });
    if (what == "current")
        return show(
            [i, share](plant_state const& s) { return s.pv[i].dc_v > 0 ? s.pv[i].dc_w * share / s.pv[i].dc_v : 0.0; });
    if (what == "energy")
        return count(dc_energy, share * wh);
    return std::nullopt;
}

source_finder inverter(std::size_t i, array_plate plate, quantity energy, quantity dc_energy)
{
    source_table table{
        {"dc_power", show([i](plant_state const& s) { return s.pv[i].dc_w; })},
        {"dc_voltage", show([i](plant_state const& s) { return s.pv[i].dc_v; })},
        {"dc_current",
         show([i](plant_state const& s) { return s.pv[i].dc_v > 0 ? s.pv[i].dc_w / s.pv[i].dc_v : 0.0; })},
        {"dc_energy", count(dc_energy, wh)},
        {"active_energy_day", count_today(energy, wh)},
        {"rated_power", constant(plate.inverter_w)},
        {"cabinet_temperature", show([i](plant_state const& s) { return s.pv[i].cabinet_c; })},
        {"internal_temperature", show([i](plant_state const& s) { return s.pv[i].cabinet_c; })},
        {"heatsink_temperature", show([i](plant_state const& s) { return s.pv[i].cabinet_c + 6.0; })},
        {"state", state([i](plant_state const& s) { return words_of(s.pv[i].state); })},
        {"vendor.st", state([i](plant_state const& s) { return words_of(s.pv[i].state); })},
    };
    auto view = low_voltage([i](plant_state const& s) { return feeder{s.pv[i].ac_w, 0}; });
    energy_counters const counters{.exported = energy};
    return [=](std::string_view point) -> maybe_source {
        if (auto found = in(table, point))
            return found;
        if (auto found = tracker_source(i, plate, dc_energy, point))
            return found;
        return electrical_source(view, counters, point);
    };
}

template <class F>
source_finder meter(F feeder_of, energy_counters counters, source_table table = {})
{
    return [table = std::move(table), view = low_voltage(feeder_of), counters](std::string_view point) -> maybe_source {
        auto found = in(table, point);
        return found ? found : electrical_source(view, counters, point);
    };
}

/// A drive's own display: what goes into the motor, not what comes from the feeder.
source_finder drive(motor_state machines_state::*motor, motor_plate plate, quantity energy, quantity run_hours)
{
    auto const of = [motor](plant_state const& s) -> motor_state const& { return s.loads.*motor; };
    auto const frequency = [of, plate](plant_state const& s) { return 50.0 * of(s).speed_rpm / plate.rated_rpm; };
    source_table table{
        {"speed", show([of](plant_state const& s) { return of(s).speed_rpm; })},
        {"torque", show([of](plant_state const& s) { return of(s).torque_nm; })},
        {"torque_percent",
         show([of, plate](plant_state const& s) { return 100.0 * of(s).torque_nm / rated_torque(plate); })},
        {"shaft_power", show([of](plant_state const& s) { return of(s).shaft_w; })},
        {"output_power", show([of](plant_state const& s) { return of(s).motor_w; })},
        {"active_power", show([of](plant_state const& s) { return of(s).motor_w; })},
        {"motor_load_percent",
         show([of, plate](plant_state const& s) { return 100.0 * of(s).shaft_w / plate.rated_w; })},
        {"output_frequency", show(frequency)},
        {"output_voltage", show([frequency](plant_state const& s) { return 8.0 * frequency(s); })},
        {"motor_current", show([of, frequency](plant_state const& s) {
             auto const volts = 8.0 * frequency(s);
             return volts > 0 ? of(s).motor_w / (std::sqrt(3.0) * volts * 0.88) : 0.0;
         })},
        {"dc_link_voltage", show([](plant_state const& s) { return 2.34 * s.supply.low_v[0]; })},
        {"active_energy", count(energy, wh)},
        {"active_energy_import", count(energy, wh)},
        {"operating_time", count(run_hours, seconds)},
        {"state", state([of](plant_state const& s) {
             return of(s).speed_rpm > 0 ? words{"running", "run", "on", "operating"}
                                        : words{"stopped", "ready", "standby", "stop", "off"};
         })},
    };
    return [table = std::move(table)](std::string_view point) { return in(table, point); };
}

source_finder only(source_table table)
{
    return [table = std::move(table)](std::string_view point) { return in(table, point); };
}

source_finder grid_meter()
{
    electrical_view view = [](plant const& p) {
        return electrical{p.state().grid, p.state().supply.high_v, p.state().supply.hz};
    };
    energy_counters const counters{grid_e_imp, grid_e_exp, grid_eq_imp, grid_eq_exp};
    return [=](std::string_view point) { return electrical_source(view, counters, point); };
}

source_finder battery_bank()
{
    constexpr double bus_v = 750.0;
    source_table table{
        {"state_of_charge", show([](plant_state const& s) { return 100.0 * s.battery_soc; })},
        {"charge_energy", count(bat_e_cha, wh)},
        {"discharge_energy", count(bat_e_dis, wh)},
        {"charge_energy_day", count_today(bat_e_cha, wh)},
        {"discharge_energy_day", count_today(bat_e_dis, wh)},
        {"charge_power_max", constant(battery_plate{}.power_w)},
        {"discharge_power_max", constant(battery_plate{}.power_w)},
        {"dc_voltage", constant(bus_v)},
        {"dc_current", show([](plant_state const& s) { return s.battery_w / bus_v; })},
        {"rated_power", constant(battery_plate{}.power_w)},
        {"state", state([](plant_state const& s) {
             return s.battery_w != 0 ? words{"running", "run", "on"} : words{"standby", "idle", "ready"};
         })},
        {"charging_state", state([](plant_state const& s) {
             return s.battery_w < 0   ? words{"charging"}
                    : s.battery_w > 0 ? words{"discharging"}
                                      : words{"holding", "idle", "standby"};
         })},
    };
    return meter(
        [](plant_state const& s) {
            return feeder{s.battery_w, 0};
        },
        {bat_e_cha, bat_e_dis, {}, {}}, std::move(table));
}

source_finder heat_meter()
{
    return only({
        {"thermal_energy", count(heat_q, wh)},
        {"thermal_power", show([](plant_state const& s) { return s.kiln.heat_w; })},
        {"volume", count(heat_v)},
        {"volume_flow", show([](plant_state const& s) { return s.kiln.water_m3h; })},
        {"supply_temperature", show([](plant_state const& s) { return s.kiln.supply_c; })},
        {"return_temperature", show([](plant_state const& s) { return s.kiln.return_c; })},
        {"temperature_difference", show([](plant_state const& s) { return s.kiln.supply_c - s.kiln.return_c; })},
        {"flue_gas_temperature", show([](plant_state const& s) { return s.kiln.flue_in_c; })},
        {"flue_gas_outlet_temperature", show([](plant_state const& s) { return s.kiln.flue_out_c; })},
        {"flue_gas_flow", show([](plant_state const& s) { return s.kiln.flue_nm3h; })},
    });
}

source_finder steam_boiler()
{
    return only({
        {"fuel_volume", count(boiler_gas)},
        {"fuel_volume_flow", show([](plant_state const& s) { return s.boiler.gas_nm3h; })},
        {"steam_mass", count(steam_m, 1000.0)},
        {"steam_mass_flow", show([](plant_state const& s) { return s.boiler.steam_kgh; })},
        {"mass", count(steam_m, 1000.0)},
        {"mass_flow", show([](plant_state const& s) { return s.boiler.steam_kgh; })},
        {"thermal_power", show([](plant_state const& s) { return s.boiler.steam_w; })},
        {"pressure", show([](plant_state const& s) { return s.boiler.pressure_pa; })},
        {"feed_water_temperature", show([](plant_state const& s) { return s.boiler.feed_water_c; })},
        {"flue_gas_temperature", show([](plant_state const& s) { return s.boiler.flue_c; })},
        {"state", state([](plant_state const& s) {
             return s.boiler.firing ? words{"running", "firing", "on", "run"}
                                    : words{"stopped", "off", "standby", "stop"};
         })},
    });
}

source_finder air_compressor()
{
    return meter([](plant_state const& s) { return s.loads.compressor.at; }, {compressor_e, {}, compressor_eq, {}},
                 {
                     {"pressure", show([](plant_state const& s) { return s.loads.compressor.pressure_pa; })},
                     {"volume", count(compressor_air)},
                     {"volume_flow", show([](plant_state const& s) { return s.loads.compressor.air_m3h; })},
                     {"operating_time", count(compressor_run, seconds)},
                     {"state", state([](plant_state const& s) {
                          return s.loads.compressor.loaded ? words{"loaded", "load", "running", "on"}
                                                           : words{"unloaded", "unload", "idle", "running", "on"};
                      })},
                 });
}

source_finder weather_station()
{
    return only({
        {"irradiance", show([](plant_state const& s) { return s.sky.irradiance; })},
        {"module_temperature", show([](plant_state const& s) { return s.sky.module_c; })},
        {"ambient_temperature", show([](plant_state const& s) { return s.sky.ambient_c; })},
        {"wind_speed", show([](plant_state const& s) { return s.sky.wind_ms; })},
    });
}

source_finder kiln_controller()
{
    return only({
        {"process_temperature", show([](plant_state const& s) { return s.kiln.temperature_c; })},
        {"setpoint_temperature", show([](plant_state const& s) { return s.kiln.setpoint_c; })},
        {"heating_output", show([](plant_state const& s) { return s.kiln.output_percent; })},
        {"cooling_output", constant(0)},
        {"state", state([](plant_state const&) {
             return words{"running", "run", "on"};
         })},
    });
}

std::map<std::string_view, source_finder, std::less<>> const& finders()
{
    static std::map<std::string_view, source_finder, std::less<>> const all{
        {"pv-roof-1", inverter(0, roof_1, pv1_e, pv1_e_dc)},
        {"pv-roof-2", inverter(1, roof_2, pv2_e, pv2_e_dc)},
        {"weather", weather_station()},
        {"grid-meter", grid_meter()},
        {"transformer",
         meter([](plant_state const& s) { return s.transformer; }, {trf_e_imp, trf_e_exp, trf_eq_imp, trf_eq_exp})},
        {"battery", battery_bank()},
        {"ball-mill-meter", meter([](plant_state const& s) { return s.loads.mill_feeder; }, {mill_e, {}, mill_eq, {}})},
        {"ball-mill-drive", drive(&machines_state::mill, mill_plate, mill_e_motor, mill_run)},
        {"press-meter", meter([](plant_state const& s) { return s.loads.press_feeder; }, {press_e, {}, press_eq, {}})},
        {"press-drive", drive(&machines_state::press, press_plate, press_e_motor, press_run)},
        {"kiln-controller", kiln_controller()},
        {"kiln-heat", heat_meter()},
        {"kiln-meter", meter([](plant_state const& s) { return s.loads.kiln_fans; }, {kiln_e, {}, kiln_eq, {}})},
        {"production", only({{"production_mass", count(production)},
                             {"production_count", count(production, 1000.0 / kg_a_piece)},
                             {"mass", count(production, 1000.0)},
                             {"mass_flow", show([](plant_state const& s) { return s.kiln.cars_tph * 1000.0; })}})},
        {"kiln-gas", only({{"fuel_volume", count(kiln_gas)},
                           {"volume", count(kiln_gas)},
                           {"fuel_volume_flow", show([](plant_state const& s) { return s.kiln.gas_nm3h; })},
                           {"volume_flow", show([](plant_state const& s) { return s.kiln.gas_nm3h; })},
                           {"pressure", show([](plant_state const& s) { return s.kiln.gas_pressure_pa; })}})},
        {"boiler", steam_boiler()},
        {"compressor", air_compressor()},
    };
    return all;
}

/// Devices of the other example plants, and the device of this one whose physics they have.
std::string_view played_by(std::string_view device)
{
    static std::map<std::string_view, std::string_view> const parts{
        {"roof", "pv-roof-1"},
        // config/examples/textile.toml
        {"stenter-meter", "ball-mill-meter"},
        {"stenter-fan", "ball-mill-drive"},
        {"dyeing-meter", "press-meter"},
        {"stenter-gas", "kiln-gas"},
        {"steam-boiler", "boiler"},
        {"exhaust-heat", "kiln-heat"},
        // config/examples/electronics.toml
        {"cleanroom-meter", "ball-mill-meter"},
        {"chiller-pump", "ball-mill-drive"},
        {"reflow-meter", "kiln-meter"},
        {"dry-air", "compressor"},
        {"nitrogen", "kiln-gas"},
        {"boards", "production"},
        {"chiller-heat", "kiln-heat"},
    };
    auto const part = parts.find(device);
    return part == parts.end() ? device : part->second;
}

} // namespace

bool is_plant_device(std::string_view device)
{
    return finders().contains(played_by(device));
}

std::optional<point_source> source_of(std::string_view device, std::string_view point)
{
    auto const finder = finders().find(played_by(device));
    if (finder == finders().end())
        return std::nullopt;
    if (point == "fault_code" || point == "alarm_code" || point == "warning_code")
        return constant(0);
    if (point == "serial_number")
        return "SIM-" + std::string{device};
    if (point == "model")
        return std::string{device};
    if (point == "manufacturer")
        return std::string{"Kilnwatt simulator"};
    return finder->second(point);
}

} // namespace kilnwatt::simulator
