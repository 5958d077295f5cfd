#include "agent/energy/metric_catalogue.hpp"

#include "core/point_names.hpp"

#include <algorithm>
#include <array>

namespace kilnwatt::energy {
namespace {

/// As docs/metrics.md lists them.
constexpr metric_unit metrics[]{
    {"pv.p", "kW", stream::kpi_1m},
    {"pv.p_dc", "kW", stream::kpi_1m},
    {"pv.e", "kWh", stream::kpi_1m},
    {"pv.e_dc", "kWh", stream::kpi_1m},
    {"pv.h_poa", "kWh/m2", stream::kpi_1m},
    {"pv.yr", "h", stream::kpi_15m},
    {"pv.ya", "h", stream::kpi_15m},
    {"pv.yf", "h", stream::kpi_15m},
    {"pv.lc", "h", stream::kpi_15m},
    {"pv.ls", "h", stream::kpi_15m},
    {"pv.pr", "", stream::kpi_15m},
    {"pv.pr_stc", "", stream::kpi_15m},
    {"pv.pr_annual", "", stream::kpi_15m},
    {"pv.eta_inv", "%", stream::kpi_1m},
    {"pv.eta_eu", "%", stream::kpi_month},
    {"pv.eta_cec", "%", stream::kpi_month},
    {"pv.cf_ac", "%", stream::kpi_day},
    {"pv.cf_dc", "%", stream::kpi_day},
    {"pv.specific_yield", "kWh/kWp", stream::kpi_day},
    {"pv.self_consumption", "%", stream::kpi_1m},
    {"pv.e_curtailed", "kWh", stream::kpi_15m},
    {"pv.availability", "%", stream::kpi_day},
    {"pv.data_availability", "%", stream::kpi_day},
    {"pv.p_night", "kW", stream::kpi_day},
    {"site.autarky", "%", stream::kpi_1m},
    {"grid.p", "kW", stream::kpi_1m},
    {"grid.q", "kvar", stream::kpi_1m},
    {"grid.e_imp", "kWh", stream::kpi_1m},
    {"grid.e_exp", "kWh", stream::kpi_1m},
    {"grid.eq_imp", "kvarh", stream::kpi_1m},
    {"grid.eq_exp", "kvarh", stream::kpi_1m},
    {"grid.pf", "", stream::kpi_15m},
    {"grid.demand", "kW", stream::kpi_1m},
    {"grid.demand_max", "kW", stream::kpi_15m},
    {"grid.freq", "Hz", stream::kpi_1m},
    {"grid.vuf", "%", stream::kpi_1m},
    {"grid.thd_u", "%", stream::kpi_1m},
    {"grid.thd_i", "%", stream::kpi_1m},
    {"grid.thd_u_max", "%", stream::kpi_day},
    {"grid.thd_u_p95", "%", stream::kpi_day},
    {"grid.thd_i_max", "%", stream::kpi_day},
    {"grid.thd_i_p95", "%", stream::kpi_day},
    {"bat.p", "kW", stream::kpi_1m},
    {"bat.soc", "%", stream::kpi_1m},
    {"bat.e_cha", "kWh", stream::kpi_1m},
    {"bat.e_dis", "kWh", stream::kpi_1m},
    {"bat.eta_rt", "%", stream::kpi_month},
    {"load.p", "kW", stream::kpi_1m},
    {"heat.p", "kW", stream::kpi_1m},
    {"heat.q", "kWh", stream::kpi_1m},
    {"heat.v", "m3", stream::kpi_1m},
    {"heat.t_in", "degC", stream::kpi_1m},
    {"heat.t_out", "degC", stream::kpi_1m},
    {"heat.dt", "K", stream::kpi_1m},
    {"heat.k_check", "%", stream::kpi_1h},
    {"whr.q_rec", "kWh", stream::kpi_1m},
    {"whr.q_avail", "kWh", stream::kpi_15m},
    {"whr.recovery_rate", "%", stream::kpi_15m},
    {"whr.recovery_eff", "%", stream::kpi_15m},
    {"whr.p", "kW", stream::kpi_1m},
    {"whr.e", "kWh", stream::kpi_1m},
    {"steam.m", "t", stream::kpi_1m},
    {"steam.q", "GJ", stream::kpi_1m},
    {"boiler.eta", "%", stream::kpi_15m},
    {"boiler.sgc", "m3/t", stream::kpi_15m},
    {"kiln.sec", "MJ/t", stream::kpi_1h},
    {"kiln.conformity", "%", stream::kpi_1h},
    {"kiln.pv", "degC", stream::kpi_1m},
    {"kiln.sp", "degC", stream::kpi_1m},
    {"motor.p_in", "kW", stream::kpi_1m},
    {"motor.p_shaft", "kW", stream::kpi_1m},
    {"motor.eta", "%", stream::kpi_1m},
    {"motor.lf", "%", stream::kpi_1m},
    {"motor.run_h", "h", stream::kpi_1m},
    {"motor.starts", "", stream::kpi_1m},
    {"motor.v_unb", "%", stream::kpi_15m},
    {"motor.i_unb", "%", stream::kpi_15m},
    {"drive.loss", "kW", stream::kpi_1m},
    {"drive.eta", "%", stream::kpi_1m},
    {"mach.sec", "kWh/m3", stream::kpi_15m},
    {"mach.sec_mass", "kWh/t", stream::kpi_15m},
    {"trf.beta", "%", stream::kpi_1m},
    {"trf.loss", "kW", stream::kpi_1m},
    {"trf.loss_z", "kW", stream::kpi_1m},
    {"trf.e_loss", "kWh", stream::kpi_15m},
    {"trf.eta", "%", stream::kpi_1m},
    {"site.e_load", "kWh", stream::kpi_1m},
    {"site.e_key", "kWh", stream::kpi_1m},
    {"site.e_loss", "kWh", stream::kpi_1m},
    {"site.unmetered", "kWh", stream::kpi_1m},
    {"site.balance_residual", "kWh", stream::kpi_15m},
    {"site.balance_eps", "%", stream::kpi_15m},
    {"site.re_share", "%", stream::kpi_1m},
    {"site.pv_first", "%", stream::kpi_1m},
    {"tce.total", "kgce", stream::kpi_1m},
    {"tce.electricity", "kgce", stream::kpi_day},
    {"tce.gas", "kgce", stream::kpi_day},
    {"tce.heat", "kgce", stream::kpi_day},
    {"tce.raw_coal", "kgce", stream::kpi_day},
    {"tce.coke", "kgce", stream::kpi_day},
    {"tce.lpg", "kgce", stream::kpi_day},
    {"tce.diesel", "kgce", stream::kpi_day},
    {"tce.gasoline", "kgce", stream::kpi_day},
    {"tce.fuel_oil", "kgce", stream::kpi_day},
    {"tce.coke_oven_gas", "kgce", stream::kpi_day},
    {"tce.producer_gas", "kgce", stream::kpi_day},
    {"tce.steam", "kgce", stream::kpi_day},
    {"tce.fresh_water", "kgce", stream::kpi_day},
    {"tce.softened_water", "kgce", stream::kpi_day},
    {"tce.deoxygenated_water", "kgce", stream::kpi_day},
    {"tce.compressed_air", "kgce", stream::kpi_day},
    {"tce.oxygen", "kgce", stream::kpi_day},
    {"tce.nitrogen", "kgce", stream::kpi_day},
    {"tce.onsite_pv", "kgce", stream::kpi_day},
    {"bought.natural_gas", "m3", stream::kpi_day},
    {"bought.heat", "GJ", stream::kpi_day},
    {"bought.raw_coal", "kg", stream::kpi_day},
    {"bought.coke", "kg", stream::kpi_day},
    {"bought.lpg", "kg", stream::kpi_day},
    {"bought.diesel", "kg", stream::kpi_day},
    {"bought.gasoline", "kg", stream::kpi_day},
    {"bought.fuel_oil", "kg", stream::kpi_day},
    {"bought.coke_oven_gas", "m3", stream::kpi_day},
    {"bought.producer_gas", "m3", stream::kpi_day},
    {"bought.steam", "kg", stream::kpi_day},
    {"bought.fresh_water", "t", stream::kpi_day},
    {"bought.softened_water", "t", stream::kpi_day},
    {"bought.deoxygenated_water", "t", stream::kpi_day},
    {"bought.compressed_air", "m3", stream::kpi_day},
    {"bought.oxygen", "m3", stream::kpi_day},
    {"bought.nitrogen", "m3", stream::kpi_day},
    {"tce.unit", "kgce/t", stream::kpi_1m},
    {"tce.per_m2", "kgce/m2", stream::kpi_1m},
    {"tce.per_piece", "kgce/piece", stream::kpi_1m},
    {"co2.total", "kg", stream::kpi_1m},
    {"co2.unit", "kg/t", stream::kpi_1m},
    {"co2.per_m2", "kg/m2", stream::kpi_1m},
    {"co2.per_piece", "kg/piece", stream::kpi_1m},
    {"co2.avoided_pv", "kg", stream::kpi_day},
    {"cost.energy", "CNY", stream::kpi_15m},
    {"cost.avg_price", "CNY/kWh", stream::kpi_15m},
    {"cost.e_sharp", "kWh", stream::kpi_15m},
    {"cost.e_peak", "kWh", stream::kpi_15m},
    {"cost.e_flat", "kWh", stream::kpi_15m},
    {"cost.e_valley", "kWh", stream::kpi_15m},
    {"cost.e_deep_valley", "kWh", stream::kpi_15m},
    {"cost.valley_share", "%", stream::kpi_15m},
    {"cost.export_revenue", "CNY", stream::kpi_15m},
    {"cost.arbitrage", "CNY", stream::kpi_15m},
    {"cost.avoided_pv", "CNY", stream::kpi_15m},
    {"cost.demand", "CNY", stream::kpi_month},
    {"cost.peak_shaving", "%", stream::kpi_month},
    {"production.mass", "t", stream::kpi_1m},
    {"production.area", "m2", stream::kpi_1m},
    {"production.count", "piece", stream::kpi_1m},
};

/// First words of the plant's own figures: a device of such a name must not hide them.
constexpr std::array<std::string_view, 21> groups{"bought", "pv",     "grid", "bat",   "load",  "heat",       "whr",
                                                  "steam",  "boiler", "kiln", "motor", "drive", "mach",       "trf",
                                                  "site",   "cost",   "tce",  "co2",   "kpi",   "production", "util"};

struct device_leaf {
    role what;
    std::string_view leaf;
    std::string_view unit;
};

constexpr device_leaf leaves[]{
    {role::pv, "p", "kW"},
    {role::pv, "e", "kWh"},
    {role::pv, "eta_inv", "%"},
    {role::pv, "pr", ""},
    {role::motor, "p_in", "kW"},
    {role::motor, "p_shaft", "kW"},
    {role::motor, "eta", "%"},
    {role::motor, "lf", "%"},
    {role::waste_heat, "p", "kW"},
    {role::waste_heat, "q", "kWh"},
    {role::load, "p", "kW"},
    {role::load, "e", "kWh"},
    {role::load, "sec", "kWh/m3"},
    {role::load, "sec_mass", "kWh/t"},
    {role::motor, "run_h", "h"},
    {role::motor, "starts", ""},
    {role::motor, "v_unb", "%"},
    {role::motor, "i_unb", "%"},
    {role::waste_heat, "k_check", "%"},
    {role::kiln, "conformity", "%"},
};

/// Which role a group of figures needs; those that need none are left out.
constexpr std::pair<std::string_view, role> needs[]{
    {"pv", role::pv},          {"grid", role::grid},       {"bat", role::battery},          {"heat", role::waste_heat},
    {"whr", role::waste_heat}, {"steam", role::boiler},    {"boiler", role::boiler},        {"kiln", role::kiln},
    {"motor", role::motor},    {"trf", role::transformer}, {"production", role::production}};

device_model const* device_called(plant_model const& m, std::string_view group)
{
    auto const d = std::find_if(m.devices.begin(), m.devices.end(), [&](device_model const& x) {
        return metric_name(x.name, "").substr(0, metric_name(x.name, "").size() - 1) == group;
    });
    return d == m.devices.end() ? nullptr : &*d;
}

} // namespace

std::span<metric_unit const> metric_units()
{
    return metrics;
}

std::vector<std::string_view> metric_ids()
{
    std::vector<std::string_view> all;
    for (auto const& x : metrics)
        all.push_back(x.name);
    return all;
}

std::optional<metric_unit> metric_meaning_of(std::string_view name) noexcept
{
    for (auto const& x : metrics)
        if (x.name == name)
            return x;
    return std::nullopt;
}

std::optional<metric_unit> device_metric_meaning_of(std::string_view figure, std::string_view group) noexcept
{
    std::optional<metric_unit> found;
    for (auto const& x : metrics) {
        auto const dot = x.name.find('.');
        if (x.name.substr(dot + 1) != figure)
            continue;
        if (x.name.substr(0, dot) == group)
            return x;
        if (!found)
            found = x;
    }
    return found;
}

std::string metric_name(std::string device, std::string_view leaf)
{
    std::replace(device.begin(), device.end(), '-', '_');
    if (std::find(groups.begin(), groups.end(), device) != groups.end())
        device.insert(0, "device_");
    return device + "." + std::string{leaf};
}

published_unit published(std::string_view canonical)
{
    constexpr std::pair<std::string_view, std::string_view> thousands[]{
        {"W", "kW"}, {"Wh", "kWh"}, {"var", "kvar"}, {"varh", "kvarh"}, {"VA", "kVA"}, {"VAh", "kVAh"}};
    for (auto const& [from, to] : thousands)
        if (canonical == from)
            return {to, 1e-3};
    return {canonical, 1};
}

std::optional<point_of_device> point_named(plant_model const& m, std::string_view name)
{
    auto const dot = name.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    auto const* d = device_called(m, name.substr(0, dot));
    auto const meaning = point_meaning_of(name.substr(dot + 1));
    if (d == nullptr || !meaning || (meaning->kind != point_kind::counter && meaning->kind != point_kind::gauge))
        return std::nullopt;
    return point_of_device{static_cast<std::size_t>(d - m.devices.data()), std::string{name.substr(dot + 1)},
                           meaning->kind == point_kind::counter, published(meaning->unit)};
}

std::optional<metric_unit> figure_named(plant_model const& m, std::string_view name)
{
    auto const dot = name.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    auto const group = name.substr(0, dot);
    for (auto const& x : metrics) {
        if (x.name != name)
            continue;
        auto const need =
            std::find_if(std::begin(needs), std::end(needs), [&](auto const& n) { return n.first == group; });
        auto const missing =
            need != std::end(needs) && std::none_of(m.devices.begin(), m.devices.end(),
                                                    [&](device_model const& d) { return d.what == need->second; });
        return missing || (group == "cost" && !m.prices) ? std::nullopt : std::optional{x};
    }
    auto const* d = device_called(m, group);
    for (auto const& l : leaves)
        if (d != nullptr && d->what == l.what && l.leaf == name.substr(dot + 1))
            return metric_unit{name, l.unit, device_metric_meaning_of(l.leaf, to_string(d->what))->shortest};
    return std::nullopt;
}

std::optional<std::string_view> unit_of_figure(plant_model const& m, std::string_view name)
{
    if (auto const f = figure_named(m, name))
        return f->unit;
    if (auto const p = point_named(m, name))
        return p->unit.name;
    return std::nullopt;
}

} // namespace kilnwatt::energy
