#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::settings {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t grid_factors_max = 64;

void read_grid_factors(config::table& t, site& s)
{
    auto factors = t.children("grid");
    if (factors.size() > grid_factors_max)
        t.complain("grid", fmt::format("has {} entries, but at most {} are read", factors.size(), grid_factors_max));
    for (auto& f : factors) {
        grid_factor_settings g;
        f.require("year", "the year of the data, for example 2022");
        f.require("factor", "for example \"0.5366 kg/kWh\"");
        f.require("source", "the announcement that it was taken from");
        g.year = static_cast<int>(f.integer("year", 1990, 2200).value_or(0));
        g.kg_per_kwh = f.quantity("factor", {{"kg/kWh", 1.0}, {"t/MWh", 1.0}}, 0.0, 5.0).value_or(0);
        g.region = f.text("region").value_or("");
        g.source = f.text("source").value_or("");
        auto const twin = [&](grid_factor_settings const& x) { return x.year == g.year; };
        if (g.year != 0 && std::any_of(s.grid_factors.begin(), s.grid_factors.end(), twin))
            f.complain("year", fmt::format("{} stands twice", g.year), "keep the factor of the plant's region");
        f.refuse_unknown();
        s.grid_factors.push_back(std::move(g));
    }
}

void read_emissions(config::table& t, site& s)
{
    read_grid_factors(t, s);
    s.gas_kg_per_m3 = t.quantity("natural_gas", {{"kg/m3", 1.0}, {"t/10^4 m3", 0.1}}, 0.1, 10.0);
    s.gas_co2_source = t.text("source").value_or("");
    t.refuse_unknown();
}

void read_pv_first(config::table& t, site& s)
{
    s.pv_first = t.choice("pv_first", {"priority", "proportional", "wired"}).value_or(s.pv_first);
    s.pv_feeder = t.text("pv_feeder").value_or("");
    if (s.pv_first == "wired" && s.pv_feeder.empty())
        t.complain("pv_first", "is 'wired', but no meter of the PV feeder is named",
                   "add pv_feeder = \"DEVICE\", the meter between PV and the key equipment");
    if (s.pv_first != "wired" && !s.pv_feeder.empty())
        t.complain("pv_feeder", "is used with pv_first = \"wired\" only", "leave it out, or set pv_first");
}

} // namespace

void read_energy_section(config::table& root, site& s)
{
    auto t = root.child("energy");
    if (!t)
        return;
    auto& c = s.carriers;
    s.close_delay = t->duration("close_delay", 0ms, 10min);
    s.all_loads_metered = t->boolean("all_loads_metered").value_or(false);
    c.electricity_kgce_per_kwh =
        t->quantity("electricity", {{"kgce/kWh", 1.0}}, 0.01, 1.0).value_or(c.electricity_kgce_per_kwh);
    if (auto gas = t->child("natural_gas")) {
        c.gas_kgce_per_m3 = gas->quantity("coefficient", {{"kgce/m3", 1.0}}, 0.1, 5.0).value_or(c.gas_kgce_per_m3);
        c.gas_lhv_mj_per_m3 =
            gas->quantity("lhv", {{"MJ/m3", 1.0}, {"kWh/m3", 3.6}}, 1.0, 100.0).value_or(c.gas_lhv_mj_per_m3);
        gas->refuse_unknown();
    }
    s.gap_total_max = t->duration("gap_total_max", 1min, 48h).value_or(s.gap_total_max);
    read_pv_first(*t, s);
    s.count_onsite_pv = t->choice("onsite_pv", {"exclude", "include"}).value_or("exclude") == "include";
    read_carrier_sections(*t, s);
    if (auto factors = t->child("emissions"))
        read_emissions(*factors, s);
    c.source = t->text("source").value_or(c.source);
    t->refuse_unknown();
}

void check_pv_feeder(config::table& root, site const& s)
{
    auto const is_feeder = [&](device_settings const& d) { return d.name == s.pv_feeder; };
    if (s.pv_feeder.empty() || std::any_of(s.devices.begin(), s.devices.end(), is_feeder))
        return;
    if (auto t = root.child("energy"))
        t->complain("pv_feeder", "there is no device '" + s.pv_feeder + "'", "name a device of this file");
}

} // namespace kilnwatt::settings
