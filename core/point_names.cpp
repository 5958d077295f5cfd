#include "core/point_names.hpp"

#include "core/spelling.hpp"

#include <algorithm>
#include <array>

namespace kilnwatt {
namespace {

using enum point_kind;

struct entry {
    std::string_view name; ///< '#' stands for a number 1..24
    point_meaning meaning;
    bool phases = false; ///< also with _l1, _l2, _l3
};

constexpr std::array vocabulary{
    // electricity
    entry{"active_power", {gauge, "W"}, true},
    entry{"reactive_power", {gauge, "var"}, true},
    entry{"apparent_power", {gauge, "VA"}, true},
    entry{"power_factor", {gauge, ""}, true},
    entry{"frequency", {gauge, "Hz"}},
    entry{"voltage", {gauge, "V"}, true},
    entry{"voltage_l1_l2", {gauge, "V"}},
    entry{"voltage_l2_l3", {gauge, "V"}},
    entry{"voltage_l3_l1", {gauge, "V"}},
    entry{"current", {gauge, "A"}, true},
    entry{"current_n", {gauge, "A"}},
    entry{"thd_voltage", {gauge, "%"}, true},
    entry{"thd_current", {gauge, "%"}, true},
    entry{"active_power_demand", {gauge, "W"}},
    entry{"active_power_demand_max", {gauge, "W"}},
    entry{"phase_sequence", {state, ""}},
    entry{"voltage_unbalance", {gauge, "%"}},         // NEMA MG-1
    entry{"current_unbalance", {gauge, "%"}},         // the same of currents
    entry{"voltage_negative_sequence", {gauge, "%"}}, // of the positive one, IEC 61000-4-30
    entry{"active_energy", {counter, "Wh"}},
    entry{"active_energy_import", {counter, "Wh"}, true},
    entry{"active_energy_export", {counter, "Wh"}, true},
    entry{"reactive_energy", {counter, "varh"}},
    entry{"reactive_energy_import", {counter, "varh"}, true},
    entry{"reactive_energy_export", {counter, "varh"}, true},
    entry{"apparent_energy", {counter, "VAh"}},
    entry{"apparent_energy_import", {counter, "VAh"}},
    entry{"apparent_energy_export", {counter, "VAh"}},
    entry{"active_energy_sharp", {counter, "Wh"}},
    entry{"active_energy_peak", {counter, "Wh"}},
    entry{"active_energy_flat", {counter, "Wh"}},
    entry{"active_energy_valley", {counter, "Wh"}},
    // photovoltaics
    entry{"dc_power", {gauge, "W"}},
    entry{"dc_voltage", {gauge, "V"}},
    entry{"dc_current", {gauge, "A"}},
    entry{"dc_energy", {counter, "Wh"}},
    entry{"mppt#_voltage", {gauge, "V"}},
    entry{"mppt#_current", {gauge, "A"}},
    entry{"mppt#_power", {gauge, "W"}},
    entry{"mppt#_energy", {counter, "Wh"}},
    entry{"string#_voltage", {gauge, "V"}},
    entry{"string#_current", {gauge, "A"}},
    entry{"active_energy_day", {gauge, "Wh"}},
    entry{"active_energy_month", {gauge, "Wh"}},
    entry{"active_energy_year", {gauge, "Wh"}},
    entry{"power_limit", {gauge, "W"}},
    entry{"power_limit_percent", {gauge, "%"}},
    entry{"rated_power", {gauge, "W"}},
    entry{"insulation_resistance", {gauge, "Ohm"}},
    entry{"irradiance", {gauge, "W/m2"}},
    entry{"module_temperature", {gauge, "degC"}},
    entry{"ambient_temperature", {gauge, "degC"}},
    entry{"wind_speed", {gauge, "m/s"}},
    entry{"wind_direction", {gauge, "deg"}},
    // any machine
    entry{"state", {state, ""}},
    entry{"vendor_state", {state, ""}},
    entry{"running", {gauge, ""}},   // share of the time, from the state
    entry{"available", {gauge, ""}}, // the same: could give power
    entry{"throttled", {gauge, ""}}, // the same: gives less than it could
    entry{"derated", {gauge, ""}},   // the same: says that it holds itself back
    entry{"fault_code", {state, ""}},
    entry{"alarm_code", {state, ""}},
    entry{"warning_code", {state, ""}},
    entry{"cabinet_temperature", {gauge, "degC"}},
    entry{"heatsink_temperature", {gauge, "degC"}},
    entry{"transformer_temperature", {gauge, "degC"}},
    entry{"internal_temperature", {gauge, "degC"}},
    entry{"operating_time", {counter, "s"}},
    entry{"operating_time_day", {gauge, "s"}},
    entry{"serial_number", {text, ""}},
    entry{"firmware", {text, ""}},
    entry{"model", {text, ""}},
    entry{"manufacturer", {text, ""}},
    // battery
    entry{"state_of_charge", {gauge, "%"}},
    entry{"state_of_health", {gauge, "%"}},
    entry{"charge_energy", {counter, "Wh"}},
    entry{"discharge_energy", {counter, "Wh"}},
    entry{"charge_energy_day", {gauge, "Wh"}},
    entry{"discharge_energy_day", {gauge, "Wh"}},
    entry{"charge_power_max", {gauge, "W"}},
    entry{"discharge_power_max", {gauge, "W"}},
    entry{"battery_temperature", {gauge, "degC"}},
    entry{"charging_state", {state, ""}},
    // heat and fuel
    entry{"thermal_power", {gauge, "W"}},
    entry{"thermal_energy", {counter, "Wh"}},
    entry{"cooling_energy", {counter, "Wh"}},
    entry{"volume", {counter, "m3"}},
    entry{"volume_flow", {gauge, "m3/h"}},
    entry{"mass", {counter, "kg"}},
    entry{"mass_flow", {gauge, "kg/h"}},
    entry{"supply_temperature", {gauge, "degC"}},
    entry{"return_temperature", {gauge, "degC"}},
    entry{"temperature_difference", {gauge, "K"}},
    entry{"flue_gas_temperature", {gauge, "degC"}},
    entry{"flue_gas_outlet_temperature", {gauge, "degC"}},
    entry{"flue_gas_flow", {gauge, "m3/h"}},
    entry{"fuel_volume", {counter, "m3"}},
    entry{"fuel_volume_flow", {gauge, "m3/h"}},
    entry{"fuel_mass", {counter, "kg"}},
    entry{"steam_mass", {counter, "kg"}},
    entry{"steam_mass_flow", {gauge, "kg/h"}},
    entry{"pressure", {gauge, "Pa"}},
    entry{"steam_temperature", {gauge, "degC"}},
    entry{"feed_water_temperature", {gauge, "degC"}},
    // kiln controller
    entry{"process_temperature", {gauge, "degC"}},
    entry{"setpoint_temperature", {gauge, "degC"}},
    entry{"soaking", {gauge, ""}},      // share of the time in which the set point stands
    entry{"conforming", {gauge, ""}},   // and the temperature is near it
    entry{"batch_number", {gauge, ""}}, // of the firing that runs; 0 = none
    entry{"heating_output", {gauge, "%"}},
    entry{"cooling_output", {gauge, "%"}},
    entry{"heater_current", {gauge, "A"}},
    // motors and drives
    entry{"speed", {gauge, "rpm"}},
    entry{"torque", {gauge, "N.m"}},
    entry{"torque_percent", {gauge, "%"}},
    entry{"output_power", {gauge, "W"}},
    entry{"output_frequency", {gauge, "Hz"}},
    entry{"output_voltage", {gauge, "V"}},
    entry{"motor_current", {gauge, "A"}},
    entry{"dc_link_voltage", {gauge, "V"}},
    entry{"shaft_power", {gauge, "W"}},
    entry{"motor_load_percent", {gauge, "%"}},
    entry{"motor_thermal_percent", {gauge, "%"}},
    entry{"inverter_thermal_percent", {gauge, "%"}},
    entry{"motor_temperature", {gauge, "degC"}},
    // product
    entry{"production_mass", {counter, "t"}},
    entry{"production_area", {counter, "m2"}},
    entry{"production_count", {counter, ""}},
    entry{"current_ratio", {gauge, ""}},
    entry{"voltage_ratio", {gauge, ""}},
};

constexpr int family_max = 24;

/// True when name is pattern with a number 1..24 at its '#'.
bool matches_family(std::string_view pattern, std::string_view name)
{
    auto const mark = pattern.find('#');
    if (mark == std::string_view::npos)
        return pattern == name;
    auto const tail = pattern.substr(mark + 1);
    if (name.size() <= mark + tail.size() || name.substr(0, mark) != pattern.substr(0, mark) ||
        name.substr(name.size() - tail.size()) != tail)
        return false;
    auto const digits = name.substr(mark, name.size() - mark - tail.size());
    if (digits.size() > 2 || digits.front() == '0' ||
        !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    auto const number = digits.size() == 1 ? digits[0] - '0' : (digits[0] - '0') * 10 + (digits[1] - '0');
    return number <= family_max;
}

bool is_phase_of(std::string_view base, std::string_view name)
{
    constexpr std::size_t suffix = 3;
    if (name.size() != base.size() + suffix || name.substr(0, base.size()) != base)
        return false;
    auto const tail = name.substr(base.size());
    return tail == "_l1" || tail == "_l2" || tail == "_l3";
}

} // namespace

std::optional<point_meaning> point_meaning_of(std::string_view name) noexcept
{
    for (auto const& e : vocabulary)
        if (matches_family(e.name, name) || (e.phases && is_phase_of(e.name, name)))
            return e.meaning;
    return std::nullopt;
}

bool is_vendor_name(std::string_view name) noexcept
{
    constexpr std::string_view prefix = "vendor.";
    constexpr std::size_t name_max = 64;
    if (name.size() <= prefix.size() || name.size() > name_max || name.substr(0, prefix.size()) != prefix)
        return false;
    auto const rest = name.substr(prefix.size());
    return std::all_of(rest.begin(), rest.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string> similar_point_names(std::string_view name)
{
    std::vector<std::string_view> names;
    for (auto const& e : vocabulary)
        names.push_back(e.name);
    return nearest(name, names);
}

} // namespace kilnwatt
