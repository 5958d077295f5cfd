#include "agent/control/plate_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::control {
namespace {

using settings::device_settings;

struct plate {
    role what;
    bool (*missing)(device_settings const&);
    std::string_view figures;
    std::string_view key;
    std::string_view point = {}; ///< that the figures are made of; "" for any device of the role
};

constexpr std::string_view no_product_floor = "tce.unit, co2.unit and kiln.sec have no floor";

bool no_flue_gas(device_settings const& d)
{
    return d.flue_gas_rated_w <= 0;
}

constexpr plate plates[]{
    {role::pv, [](device_settings const& d) { return !d.array; },
     "no pv.pr, pv.pr_stc, yields, capacity factors, pv.e_curtailed, pv.eta_eu and pv.eta_cec; pv.eta_inv has no floor",
     "array = {rated = \"300 kWp\", inverter = \"250 kW\"}"},
    {role::motor, [](device_settings const& d) { return !d.motor; },
     "no motor.lf; motor.eta and drive.eta have no floor", "motor = {rated = \"110 kW\", class = \"IE3\"}"},
    {role::motor, [](device_settings const& d) { return d.motor && d.motor->efficiency_class.empty(); },
     "no motor.lf where its torque is not measured", "class = \"IE3\" in its motor"},
    {role::transformer, [](device_settings const& d) { return !d.transformer; }, "no trf.* and site.e_loss",
     "transformer = {rated = \"1000 kVA\", no_load_loss = \"0.83 kW\", load_loss = \"10.3 kW\"}"},
    {role::boiler, [](device_settings const& d) { return !d.boiler || d.boiler->rated_w <= 0; },
     "boiler.eta has no floor and counts unsteady firing too", "boiler = {fuel = \"natural_gas\", rated = \"4 t/h\"}"},
    {role::waste_heat, [](device_settings const& d) { return d.minimum_flow <= 0; },
     "heat.* does not tell a flow below the meter's smallest",
     "heat_meter = {flow_sensor = \"return\", minimum_flow = \"0.3 m3/h\"}"},
    {role::waste_heat, no_flue_gas, "whr.recovery_rate and whr.recovery_eff have no floor",
     "flue_gas = {rated = \"1200 kW\"}", "flue_gas_flow"},
    {role::kiln, no_flue_gas, "whr.recovery_rate and whr.recovery_eff have no floor",
     "flue_gas = {rated = \"1200 kW\"}", "flue_gas_flow"},
    {role::load, [](device_settings const& d) { return d.rated_flow <= 0; }, "mach.sec has no floor",
     "machine = {flow = \"600 m3/h\"}", "volume"},
    {role::load, [](device_settings const& d) { return d.rated_mass_flow <= 0; }, "mach.sec_mass has no floor",
     "machine = {mass_flow = \"2 t/h\"}", "mass"},
    {role::battery, [](device_settings const& d) { return d.capacity_wh <= 0; },
     "bat.eta_rt does not know what the battery still holds", "battery = {capacity = \"500 kWh\"}"},
    {role::production, [](device_settings const& d) { return d.rated_mass_flow <= 0; }, no_product_floor,
     "product = {rated = \"20 t/h\"}", "production_mass"},
};

bool measures(site_plan const& plan, std::string const& device, std::string_view point)
{
    auto const columns = columns_of(plan, device);
    return std::any_of(columns.begin(), columns.end(), [&](column const& x) { return x.name == point; });
}

} // namespace

std::string to_string(plate_note const& n)
{
    return fmt::format("{}: {}: {}; add {}", config::to_string(n.at), n.device, n.figures, n.key);
}

std::vector<plate_note> plate_notes(site_plan const& plan)
{
    std::vector<plate_note> notes;
    for (auto const& d : plan.site.devices)
        for (auto const& p : plates)
            if (d.what == p.what && p.missing(d) && (p.point.empty() || measures(plan, d.name, p.point)))
                notes.push_back({d.at, d.name, std::string{p.figures}, std::string{p.key}});
    for (auto const& p : plan.site.productions)
        if (p.point == "production_mass" && p.rated_mass_flow <= 0)
            notes.push_back({p.at, p.name, std::string{no_product_floor}, "rated = \"20 t/h\""});
    return notes;
}

} // namespace kilnwatt::control
