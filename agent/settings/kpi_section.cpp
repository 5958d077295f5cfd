#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace kilnwatt::settings {
namespace {

constexpr std::size_t kpis_max = 200;
constexpr std::size_t floors_max = 8;
constexpr std::array<std::string_view, 5> periods{"1 min", "15 min", "1 h", "day", "month"}; ///< as kpi_period

/// "press.kwh_per_stroke": a group, a dot, a name.
bool is_figure_name(std::string_view name)
{
    auto const dot = name.find('.');
    auto const word = [](std::string_view w) {
        return !w.empty() && w.front() >= 'a' && w.front() <= 'z' && std::all_of(w.begin(), w.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    };
    return name.size() <= name_max && dot != std::string_view::npos && word(name.substr(0, dot)) &&
           word(name.substr(dot + 1));
}

kpi_settings read_kpi(config::table& t, std::set<std::string>& taken)
{
    kpi_settings k;
    if (t.require("name", "for example \"press.kwh_per_piece\""))
        k.name = t.text("name").value_or("");
    if (!k.name.empty() && !is_figure_name(k.name))
        t.complain("name", fmt::format("'{}' is no name of a figure", k.name),
                   "a group, a dot and a name in [a-z0-9_], like \"press.kwh_per_piece\"");
    else if (!k.name.empty() && !taken.insert(k.name).second)
        t.complain("name", fmt::format("'{}' stands twice", k.name), "each formula has a name of its own");
    if (t.require("formula", "for example \"press_meter.e / production.mass\""))
        k.formula = t.text("formula").value_or("");
    if (t.require("unit", "for example \"kWh/t\"; \"1\" for a plain number"))
        k.unit = t.text("unit").value_or("");
    if (k.unit == "1")
        k.unit.clear();
    if (auto const word = t.choice("from", {periods.begin(), periods.end()}))
        k.shortest = static_cast<kpi_period>(std::find(periods.begin(), periods.end(), *word) - periods.begin());
    auto floors = t.children("floor");
    if (floors.size() > floors_max)
        t.complain("floor", fmt::format("has {} entries, but at most {} are allowed", floors.size(), floors_max));
    for (auto& f : floors) {
        f.require("figure", "name a figure of the formula");
        f.require("least", "for example \"0.5 t\"");
        k.floors.emplace_back(f.text("figure").value_or(""), f.text("least").value_or(""));
        f.refuse_unknown();
    }
    k.name_at = t.where("name");
    k.formula_at = t.where("formula");
    k.unit_at = t.where("unit");
    k.floor_at = t.where("floor");
    k.path = t.path();
    t.refuse_unknown();
    return k;
}

} // namespace

void read_kpi_sections(config::table& root, site& s)
{
    auto tables = root.children("kpi");
    if (tables.size() > kpis_max)
        root.complain("kpi", fmt::format("stands {} times, but at most {} are read", tables.size(), kpis_max));
    std::set<std::string> taken;
    for (auto& t : tables)
        s.kpis.push_back(read_kpi(t, taken));
}

} // namespace kilnwatt::settings
