#include "agent/settings/sections.hpp"
#include "core/energy_carrier.hpp"
#include "core/point_names.hpp"

#include <fmt/format.h>

namespace kilnwatt::settings {
namespace {

using units = std::vector<std::pair<std::string_view, double>>;

units const watts{{"kW", 1.0}, {"W", 0.001}, {"MW", 1000.0}};
units const watts_peak{{"kWp", 1.0}, {"Wp", 0.001}, {"MWp", 1000.0}};
units const volt_amperes{{"kVA", 1.0}, {"VA", 0.001}, {"MVA", 1000.0}};
units const volts{{"V", 1.0}, {"kV", 1000.0}};
units const amperes{{"A", 1.0}};
constexpr double kw_per_t_of_steam = 700; // of heat, saturated at 1 MPa from feed water of 60 degC, per hour
units const per_kelvin{{"%/K", 1.0}, {"%/degC", 1.0}, {"1/K", 100.0}};
units const cubic_metres_an_hour{{"m3/h", 1.0}, {"l/h", 0.001}, {"m3/min", 60.0}};
units const percents{{"%", 1.0}};
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

/// A plate whose numbers do not fit each other: most often a unit or a digit is wrong.
void doubt(config::table& t, std::string_view key, std::string message)
{
    t.complain(key, std::move(message), "read the plate again: is a unit or a digit wrong?");
}

void read_array(config::table& t, array_settings& a)
{
    constexpr double ratio_max = 2.5; // of array to inverter; an inverter is rarely larger than its array

    t.require("rated", "the sum of the modules' ratings, for example \"300 kWp\"");
    a.rated_w = rated(t, "rated", watts_peak, 1e6);
    a.inverter_rated_w = rated(t, "inverter", watts, 1e6);
    if (auto const percent = t.quantity("temperature_coefficient", per_kelvin, -1.0, 0.0))
        a.temperature_coefficient = *percent / 100.0;
    a.orientation = t.text("orientation").value_or("");
    a.annual_module_temperature = t.quantity("annual_module_temperature", {{"degC", 1.0}}, -20.0, 90.0);
    if (a.temperature_coefficient < -0.0065)
        doubt(t, "temperature_coefficient",
              fmt::format("is {:g} %/K, but modules lose 0.2 to 0.6 % a kelvin", 100 * a.temperature_coefficient));
    if (a.inverter_rated_w > 0 && a.rated_w > 0 &&
        (a.rated_w > ratio_max * a.inverter_rated_w || a.inverter_rated_w > ratio_max * a.rated_w))
        doubt(t, "inverter",
              fmt::format("is {:g} kW, but the array has {:g} kWp", a.inverter_rated_w / 1e3, a.rated_w / 1e3));
    t.refuse_unknown();
}

/// Rated power is voltage x current x 1.73 x power factor x efficiency, and the last two are below 1.
void check_current(config::table& t, motor_settings const& m)
{
    constexpr double usual_voltage = 400;
    constexpr double least = 0.4; // of small motors with many poles
    auto const apparent = 1.732 * (m.rated_voltage > 0 ? m.rated_voltage : usual_voltage) * m.rated_current;
    if (m.rated_current > 0 && m.rated_w > 0 && (m.rated_w > apparent || m.rated_w < least * apparent))
        doubt(t, "current",
              fmt::format("is {:g} A, which at {:g} V is {:.1f} kVA, but the shaft gives {:g} kW", m.rated_current,
                          m.rated_voltage > 0 ? m.rated_voltage : usual_voltage, apparent / 1e3, m.rated_w / 1e3));
}

void read_motor(config::table& t, motor_settings& m)
{
    t.require("rated", "the shaft power of the plate, for example \"110 kW\"");
    m.rated_w = rated(t, "rated", watts, 1e5);
    m.rated_speed = t.quantity("speed", revolutions, 1.0, 100'000.0).value_or(0.0);
    m.efficiency_class = t.choice("class", {"IE1", "IE2", "IE3", "IE4", "IE5"}).value_or("");
    m.rated_voltage = t.quantity("voltage", volts, 24.0, 40'000.0).value_or(0.0);
    m.rated_current = t.quantity("current", amperes, 0.01, 100'000.0).value_or(0.0);
    check_current(t, m);
    t.refuse_unknown();
}

/// Losses of a distribution transformer are a few thousandths (P0) and some hundredths (Pk) of its rating.
void check_losses(config::table& t, transformer_settings const& x)
{
    struct {
        char const* key;
        double watts, least, most;
    } const losses[]{{"no_load_loss", x.no_load_loss_w, 0.0001, 0.02}, {"load_loss", x.load_loss_w, 0.002, 0.06}};
    for (auto const& l : losses)
        if (x.rated_va > 0 && l.watts > 0 && (l.watts < l.least * x.rated_va || l.watts > l.most * x.rated_va))
            doubt(t, l.key,
                  fmt::format("is {:g} kW, {:.2g} % of {:g} kVA; usual are {:g} to {:g} %", l.watts / 1e3,
                              100 * l.watts / x.rated_va, x.rated_va / 1e3, 100 * l.least, 100 * l.most));
}

void read_transformer(config::table& t, transformer_settings& x)
{
    t.require("rated", "for example \"1000 kVA\"");
    t.require("no_load_loss", "P0 of the test report, for example \"0.83 kW\"");
    t.require("load_loss", "Pk of the test report, for example \"10.3 kW\"");
    x.rated_va = rated(t, "rated", volt_amperes, 1e6);
    x.no_load_loss_w = rated(t, "no_load_loss", watts, 1e4);
    x.load_loss_w = rated(t, "load_loss", watts, 1e4);
    x.no_load_current = t.quantity("no_load_current", percents, 0.01, 10.0).value_or(0) / 100;
    x.short_circuit_voltage = t.quantity("short_circuit_voltage", percents, 1.0, 30.0).value_or(0) / 100;
    if (x.load_loss_w > 0.0 && x.no_load_loss_w > x.load_loss_w)
        t.complain("no_load_loss",
                   fmt::format("is {} W, more than load_loss with {} W", x.no_load_loss_w, x.load_loss_w),
                   "are the two exchanged?");
    else
        check_losses(t, x);
    t.refuse_unknown();
}

void read_boiler(config::table& t, device_settings& d)
{
    auto& b = d.boiler.emplace();
    t.require("fuel", "what it burns, for example \"natural_gas\" or \"diesel\"");
    std::vector<std::string_view> fuels{"natural_gas"};
    for (auto const& c : energy_carriers())
        if (c.burns)
            fuels.push_back(c.name);
    b.fuel = t.choice("fuel", fuels).value_or(b.fuel);
    d.carrier_at = t.where("fuel");
    if (auto const kw = t.quantity("rated", {{"kW", 1.0}, {"MW", 1000.0}, {"t/h", kw_per_t_of_steam}}, 1.0, 1e6))
        b.rated_w = 1000.0 * *kw;
    b.dryness = t.number("dryness", 0.5, 1.0).value_or(b.dryness);
    t.refuse_unknown();
}

void read_heat_meter(config::table& t, device_settings& d)
{
    t.require("flow_sensor", "\"supply\" or \"return\", as the plate of the meter says");
    d.flow_sensor_in_supply = t.choice("flow_sensor", {"supply", "return"}).value_or("return") == "supply";
    d.minimum_flow = t.quantity("minimum_flow", cubic_metres_an_hour, 1e-4, 1e4).value_or(0);
    t.refuse_unknown();
}

void read_flue_gas(config::table& device, device_settings& d)
{
    auto t = device.child("flue_gas");
    if (!t)
        return;
    if (d.what != role::waste_heat && d.what != role::kiln)
        device.complain("flue_gas", fmt::format("describes a device with role 'waste_heat' or 'kiln', but the role is "
                                                "'{}'",
                                                to_string(d.what)));
    t->require("rated", "its heat at design, down to ambient temperature, for example \"1200 kW\"");
    d.flue_gas_rated_w = rated(*t, "rated", watts, 1e6);
    t->refuse_unknown();
}

void read_machine(config::table& t, device_settings& d)
{
    if (!t.has("flow") && !t.has("mass_flow"))
        t.complain("flow", "is missing", "write flow = \"600 m3/h\" or mass_flow = \"6 t/h\" of the plate");
    d.rated_flow = t.quantity("flow", cubic_metres_an_hour, 1e-3, 1e6).value_or(0);
    d.rated_mass_flow = read_rated_output(t, "mass_flow");
    t.refuse_unknown();
}

void read_product(config::table& t, device_settings& d)
{
    t.require("rated", "what the line makes at design, for example \"20 t/h\"");
    d.rated_mass_flow = read_rated_output(t, "rated");
    t.refuse_unknown();
}

void read_battery(config::table& t, device_settings& d)
{
    t.require("capacity", "what it stores between 0 and 100 % charge, for example \"500 kWh\"");
    d.capacity_wh = 1000.0 * t.quantity("capacity", {{"kWh", 1.0}, {"MWh", 1000.0}}, 0.1, 1e6).value_or(0.0);
    t.refuse_unknown();
}

void read_kiln(config::table& t, device_settings& d)
{
    t.require("band", "how far the temperature may be off its set point, for example \"5 K\"");
    d.conformity_band = t.quantity("band", {{"K", 1.0}}, 0.1, 100.0).value_or(d.conformity_band);
    t.refuse_unknown();
}

void read_carrier(config::table& device, device_settings& d)
{
    if (!device.has("carrier"))
        return;
    if (d.what != role::fuel)
        device.complain(
            "carrier",
            fmt::format("says what a device with role 'fuel' counts, but the role is '{}'", to_string(d.what)),
            d.what == role::boiler ? "a boiler has boiler = {fuel = ...}" : "");
    std::vector<std::string_view> names{"natural_gas"};
    for (auto const& c : energy_carriers())
        names.push_back(c.name);
    d.carrier = device.choice("carrier", names).value_or(d.carrier);
    d.carrier_at = device.where("carrier");
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

double read_rated_output(config::table& t, std::string_view key)
{
    return t.quantity(key, {{"t/h", 1.0}, {"t/d", 1.0 / 24}, {"kg/h", 0.001}}, 1e-5, 1e5).value_or(0);
}

void read_plates(config::table& device, device_settings& d)
{
    if (auto t = plate(device, d.what, "array", role::pv))
        read_array(*t, d.array.emplace());
    if (auto t = plate(device, d.what, "motor", role::motor))
        read_motor(*t, d.motor.emplace());
    if (auto t = plate(device, d.what, "transformer", role::transformer))
        read_transformer(*t, d.transformer.emplace());
    if (auto t = plate(device, d.what, "boiler", role::boiler))
        read_boiler(*t, d);
    if (auto t = plate(device, d.what, "heat_meter", role::waste_heat))
        read_heat_meter(*t, d);
    read_flue_gas(device, d);
    if (auto t = plate(device, d.what, "machine", role::load))
        read_machine(*t, d);
    if (auto t = plate(device, d.what, "product", role::production))
        read_product(*t, d);
    if (auto t = plate(device, d.what, "battery", role::battery))
        read_battery(*t, d);
    if (auto t = plate(device, d.what, "kiln", role::kiln))
        read_kiln(*t, d);
    read_carrier(device, d);
    if (auto t = device.child("rollover"))
        read_rollover(*t, d);
}

} // namespace kilnwatt::settings
