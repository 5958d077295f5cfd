#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kilnwatt::settings {
namespace {

constexpr std::size_t targets_max = 64;

bool is_word(std::string_view name)
{
    return !name.empty() && name.size() <= name_max && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void read_aim(config::table& t, target_settings& x)
{
    auto const both = t.has("reduction") && t.has("value");
    if (both)
        t.complain("value", "stands beside reduction", "keep one of the two");
    else if (!t.has("value"))
        t.require("reduction", "against the base, for example \"3.5 %\", or value = \"150 kgce/t\"");
    if (auto const percent = t.quantity("reduction", {{"%", 1.0}}, 0.01, 99.99))
        x.reduction = *percent / 100;
    x.value = t.text("value").value_or("");
}

target_settings read_target(config::table& t, std::set<std::string>& taken)
{
    target_settings x;
    if (t.require("name", "for example \"energy_per_tonne\""))
        x.name = t.text("name").value_or("");
    if (!x.name.empty() && !is_word(x.name))
        t.complain("name", fmt::format("'{}' is no name of a target", x.name), "a word in [a-z0-9_], a letter first");
    else if (!x.name.empty() && !taken.insert(x.name).second)
        t.complain("name", fmt::format("'{}' stands twice", x.name), "each target has a name of its own");
    if (t.require("figure", "what is to fall, for example \"tce.unit\""))
        x.figure = t.text("figure").value_or("");
    if (t.require("base", "its value in the base year, for example \"158.2 kgce/t\", or \"imported\""))
        x.base = t.text("base").value_or("");
    t.require("base_year", "for example 2020");
    x.base_year = static_cast<int>(t.integer("base_year", 1990, 2200).value_or(0));
    read_aim(t, x);
    x.year = static_cast<int>(t.integer("year", 1990, 2200).value_or(0));
    if (x.year != 0 && x.year <= x.base_year)
        t.complain("year", fmt::format("{} is not after the base year {}", x.year, x.base_year));
    if (t.require("source", "who set the target and where the base comes from"))
        x.source = t.text("source").value_or("");
    x.name_at = t.where("name");
    x.figure_at = t.where("figure");
    x.base_at = t.where("base");
    x.value_at = t.where("value");
    x.path = t.path();
    t.refuse_unknown();
    return x;
}

} // namespace

void read_target_sections(config::table& root, site& s)
{
    auto tables = root.children("target");
    if (tables.size() > targets_max)
        root.complain("target", fmt::format("stands {} times, but at most {} are read", tables.size(), targets_max));
    std::set<std::string> taken;
    for (auto& t : tables)
        s.targets.push_back(read_target(t, taken));
}

} // namespace kilnwatt::settings
