#include "agent/settings/sections.hpp"
#include "core/point_names.hpp"

#include <fmt/format.h>

namespace kilnwatt::settings {
namespace {

using units = std::vector<std::pair<std::string_view, double>>;

units const watts{{"kW", 1.0}, {"W", 0.001}, {"MW", 1000.0}};
units const watts_peak{{"kWp", 1.0}, {"Wp", 0.001}, {"MWp", 1000.0}};
units const volt_amperes{{"kVA", 1.0}, {"VA", 0.001}, {"MVA", 1000.0}};
units const per_kelvin{{"%/K", 1.0}, {"%/degC", 1.0}, {"1/K", 100.0}};
units const revolutions{{"rpm", 1.0}, {"1/min", 1.0}};

/// The plate's table when the device has one; noted when its role has no such plate.
std::optional<config::table> plate(config::table& device, role what, std::string_view key, role fitting)
{
    auto t = device.child(key);
    if (t && what != fitting)
        device.complain(key, fmt::format("describes a device with role '{}', but the role is '{}'", to_string(fitting),
                                         to_string(what)));
    return t;
}

/// kW, kVA or kWp of the plate in W, VA or Wp.
double rated(config::table& t, std::string_view key, units const& u, double k_max)
{
    return 1000.0 * t.quantity(key, u, 0.001, k_max).value_or(0.0);
}

void read_array(config::table& t, array_settings& a)
{
    t.require("rated", "the sum of the modules' ratings, for example \"300 kWp\"");
    a.rated_w = rated(t, "rated", watts_peak, 1e6);
    a.inverter_rated_w = rated(t, "inverter", watts, 1e6);
    if (auto const percent = t.quantity("temperature_coefficient", per_kelvin, -1.0, 0.0))
        a.temperature_coefficient = *percent / 100.0;
    t.refuse_unknown();
}

void read_motor(config::table& t, motor_settings& m)
{
    t.require("rated", "the shaft power of the plate, for example \"110 kW\"");
    m.rated_w = rated(t, "rated", watts, 1e5);
    m.rated_speed = t.quantity("speed", revolutions, 1.0, 100'000.0).value_or(0.0);
    m.efficiency_class = t.choice("class", {"IE1", "IE2", "IE3", "IE4", "IE5"}).value_or("");
    t.refuse_unknown();
}

void read_transformer(config::table& t, transformer_settings& x)
{
    t.require("rated", "for example \"1000 kVA\"");
    t.require("no_load_loss", "P0 of the test report, for example \"0.83 kW\"");
    t.require("load_loss", "Pk of the test report, for example \"10.3 kW\"");
    x.rated_va = rated(t, "rated", volt_amperes, 1e6);
    x.no_load_loss_w = rated(t, "no_load_loss", watts, 1e4);
    x.load_loss_w = rated(t, "load_loss", watts, 1e4);
    if (x.load_loss_w > 0.0 && x.no_load_loss_w > x.load_loss_w)
        t.complain("no_load_loss",
                   fmt::format("is {} W, more than load_loss with {} W", x.no_load_loss_w, x.load_loss_w),
                   "are the two exchanged?");
    t.refuse_unknown();
}

units units_like(std::string_view canonical)
{
    if (canonical == "Wh")
        return {{"Wh", 1.0}, {"kWh", 1e3}, {"MWh", 1e6}, {"GWh", 1e9}, {"GJ", 1e9 / 3600}};
    if (canonical == "varh")
        return {{"varh", 1.0}, {"kvarh", 1e3}, {"Mvarh", 1e6}};
    if (canonical == "kg")
        return {{"kg", 1.0}, {"t", 1e3}};
    return {{canonical.empty() ? std::string_view{"1"} : canonical, 1.0}};
}

void read_rollover(config::table& t, device_settings& d)
{
    for (auto const& point : t.keys()) {
        auto const meaning = point_meaning_of(point);
        if (!meaning || meaning->kind != point_kind::counter) {
            auto const similar = similar_point_names(point);
            t.complain(point, fmt::format("there is no counter '{}'", point),
                       similar.empty() ? "for example active_energy_import"
                                       : fmt::format("did you mean '{}'?", similar.front()));
        } else if (auto const end = t.quantity(point, units_like(meaning->unit), 1.0, 1e18)) {
            d.rollover.emplace(point, *end);
        }
    }
}

} // namespace

void read_plates(config::table& device, device_settings& d)
{
    if (auto t = plate(device, d.what, "array", role::pv))
        read_array(*t, d.array.emplace());
    if (auto t = plate(device, d.what, "motor", role::motor))
        read_motor(*t, d.motor.emplace());
    if (auto t = plate(device, d.what, "transformer", role::transformer))
        read_transformer(*t, d.transformer.emplace());
    if (auto t = device.child("rollover"))
        read_rollover(*t, d);
}

} // namespace kilnwatt::settings
