#include "agent/publish/home_assistant_class.hpp"

#include "core/point_names.hpp"

#include <array>

namespace kilnwatt::publish {
namespace {

constexpr std::string_view measurement = "measurement";
constexpr std::string_view rising = "total_increasing";

/// By our unit: what Home Assistant calls it, and the class all quantities of that unit have.
struct unit_row {
    std::string_view ours;
    std::string_view theirs;
    std::string_view device_class;
    std::optional<int> precision;
};

constexpr std::array units{
    unit_row{"W", "W", "power", 0},
    unit_row{"var", "var", "reactive_power", 0},
    unit_row{"VA", "VA", "apparent_power", 0},
    unit_row{"Wh", "Wh", "energy", 0},
    unit_row{"varh", "varh", "", 0},
    unit_row{"VAh", "VAh", "", 0},
    unit_row{"V", "V", "voltage", 1},
    unit_row{"A", "A", "current", 2},
    unit_row{"Hz", "Hz", "frequency", 2},
    unit_row{"degC", "°C", "temperature", 1},
    unit_row{"W/m2", "W/m²", "irradiance", 0},
    unit_row{"Pa", "Pa", "pressure", 0},
    unit_row{"m3", "m³", "volume", 3},
    unit_row{"m3/h", "m³/h", "volume_flow_rate", 3},
    unit_row{"s", "s", "duration", 0},
    unit_row{"Ohm", "Ω", "", 0},
    unit_row{"N.m", "N·m", "", 1},
    unit_row{"deg", "°", "", 0},
    unit_row{"K", "K", "", 1}, // a difference: the class temperature would convert it
};

bool starts_anew(std::string_view name)
{
    return name.ends_with("_day") || name.ends_with("_month") || name.ends_with("_year");
}

/// A Wh that is no counter: a counter of the period, which begins again with it, or what a battery holds.
sensor_class energy_of(point_entry const& p)
{
    if (p.counter || starts_anew(p.name))
        return {"energy", rising, "Wh", 0};
    return {"energy_storage", measurement, "Wh", 0};
}

sensor_class without_unit(point_entry const& p)
{
    if (p.counter)
        return {{}, rising, {}, 0};
    if (p.name.starts_with("power_factor"))
        return {"power_factor", measurement, {}, 3};
    auto const known = point_meaning_of(p.name);
    bool const number = known && known->kind == point_kind::gauge;
    return {{}, number ? measurement : std::string_view{}, {}, {}}; // a text has no state class
}

} // namespace

sensor_class sensor_class_of(point_entry const& p)
{
    if (!p.states.empty())
        return {"enum", {}, {}, {}};
    if (p.unit.empty() || p.unit == "1")
        return without_unit(p);
    if (p.unit == "Wh")
        return energy_of(p);
    auto const kind = p.counter || (p.unit == "s" && starts_anew(p.name)) ? rising : measurement;
    if (p.name == "state_of_charge")
        return {"battery", kind, "%", 0};
    if (p.unit == "m3" && !p.counter)
        return {"volume_storage", kind, "m³", 3};
    if (p.name == "wind_speed")
        return {"wind_speed", kind, "m/s", 1};
    for (auto const& u : units)
        if (u.ours == p.unit)
            return {u.device_class, kind, std::string{u.theirs}, u.precision};
    return {{}, kind, p.unit, {}};
}

} // namespace kilnwatt::publish
