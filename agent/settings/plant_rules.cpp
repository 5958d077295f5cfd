#include "agent/settings/sections.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace kilnwatt::settings {
namespace {

constexpr auto none = static_cast<std::size_t>(-1);

/// Index of the meter above each device; none at the top and where the name is wrong, which is noted.
std::vector<std::size_t> meters_above(std::vector<config::table>& tables, site const& s)
{
    std::unordered_map<std::string_view, std::size_t> by_name;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < s.devices.size(); ++i) {
        by_name.emplace(s.devices[i].name, i);
        names.push_back(s.devices[i].name);
    }
    std::vector<std::size_t> above(s.devices.size(), none);
    for (std::size_t i = 0; i < s.devices.size(); ++i) {
        auto const& meter = s.devices[i].meter;
        if (meter.empty())
            continue;
        if (auto const hit = by_name.find(meter); hit != by_name.end() && hit->second != i) {
            above[i] = hit->second;
            continue;
        }
        auto const similar = nearest(meter, names, 1);
        if (meter == s.devices[i].name)
            tables[i].complain("meter", "names the device itself", "leave it out for a device at the top");
        else
            tables[i].complain("meter", fmt::format("there is no device '{}'", meter),
                               similar.empty() ? "name the device that measures this one too"
                                               : fmt::format("did you mean '{}'?", similar.front()));
    }
    return above;
}

} // namespace

void check_meters(std::vector<config::table>& tables, site const& s)
{
    auto const above = meters_above(tables, s);
    std::vector<std::size_t> walk(above.size(), none); // the device whose walk came by first
    for (std::size_t start = 0; start < above.size(); ++start) {
        auto i = start;
        while (i != none && walk[i] == none) {
            walk[i] = start;
            i = above[i];
        }
        if (i == none || walk[i] != start)
            continue;
        auto path = s.devices[i].name;
        auto first = i;
        auto next = i;
        do {
            next = above[next];
            first = std::min(first, next);
            path += " -> " + s.devices[next].name;
        } while (next != i);
        tables[first].complain("meter", fmt::format("the meters lead in a circle: {}", path),
                               "one of them is at the top, without meter");
    }
}

void check_units(std::vector<config::table>& tables, site const& s)
{
    std::vector<std::size_t> devices_on(s.links.size());
    for (auto const& d : s.devices)
        if (d.link < devices_on.size())
            ++devices_on[d.link];
    // two profiles of one unit are two views of it, as a meter that is read through its inverter; so are two parts
    std::map<std::tuple<std::size_t, int, std::string, int>, std::size_t> taken;
    for (std::size_t i = 0; i < s.devices.size(); ++i) {
        auto const& d = s.devices[i];
        if (d.link >= s.links.size())
            continue;
        if (!d.unit && devices_on[d.link] > 1 && !tables[i].has("unit"))
            tables[i].complain("unit", "is missing, but its link carries several devices",
                               "each of them needs its own unit");
        if (!d.unit)
            continue;
        auto const [hit, is_new] = taken.emplace(std::tuple{d.link, *d.unit, d.profile, d.part}, i);
        if (!is_new)
            tables[i].complain("unit",
                               fmt::format("is {}, but device '{}' at {} has the same unit on the same link", *d.unit,
                                           s.devices[hit->second].name, config::to_string(s.devices[hit->second].at)));
    }
}

} // namespace kilnwatt::settings
