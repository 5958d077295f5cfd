#include "simulator/electrical.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <string>

namespace kilnwatt::simulator {
namespace {

using of_total = double (*)(electrical const&);
using of_phase = double (*)(electrical const&, std::size_t);

double sum_of_currents(electrical const& e)
{
    return e.amps(0) + e.amps(1) + e.amps(2);
}

std::map<std::string_view, of_total> const totals{
    {"active_power", [](electrical const& e) { return e.at.p_w; }},
    {"reactive_power", [](electrical const& e) { return e.at.q_var; }},
    {"apparent_power", [](electrical const& e) { return e.at.apparent_va(); }},
    {"power_factor", [](electrical const& e) { return e.at.power_factor(); }},
    {"frequency", [](electrical const& e) { return e.hz; }},
    {"voltage", [](electrical const& e) { return (e.volts[0] + e.volts[1] + e.volts[2]) / 3; }},
    {"voltage_l1_l2", [](electrical const& e) { return e.line_volts(0); }},
    {"voltage_l2_l3", [](electrical const& e) { return e.line_volts(1); }},
    {"voltage_l3_l1", [](electrical const& e) { return e.line_volts(2); }},
    {"current", sum_of_currents},
};

std::map<std::string_view, of_phase> const phases{
    {"active_power", [](electrical const& e, std::size_t i) { return e.phase(i).p_w; }},
    {"reactive_power", [](electrical const& e, std::size_t i) { return e.phase(i).q_var; }},
    {"apparent_power", [](electrical const& e, std::size_t i) { return e.phase(i).apparent_va(); }},
    {"power_factor", [](electrical const& e, std::size_t i) { return e.phase(i).power_factor(); }},
    {"voltage", [](electrical const& e, std::size_t i) { return e.volts[i]; }},
    {"current", [](electrical const& e, std::size_t i) { return e.amps(i); }},
};

/// In Wh or varh; a counter the meter has but the plant does not drive stands at 0.
double units_of(plant const& p, std::optional<quantity> q)
{
    return q ? p.counter(*q) * 1000.0 : 0.0;
}

std::optional<number_source> counter_source(energy_counters c, std::string_view name)
{
    if (name == "active_energy_import")
        return [c](plant const& p) { return units_of(p, c.imported); };
    if (name == "active_energy_export")
        return [c](plant const& p) { return units_of(p, c.exported); };
    if (name == "active_energy")
        return [c](plant const& p) { return units_of(p, c.imported) + units_of(p, c.exported); };
    if (name == "reactive_energy_import")
        return [c](plant const& p) { return units_of(p, c.reactive_imported); };
    if (name == "reactive_energy_export")
        return [c](plant const& p) { return units_of(p, c.reactive_exported); };
    if (name == "reactive_energy")
        return [c](plant const& p) { return units_of(p, c.reactive_imported) + units_of(p, c.reactive_exported); };
    return std::nullopt;
}

/// 0, 1, 2 for a name that ends in _l1, _l2, _l3 (but not one like voltage_l1_l2).
std::optional<std::size_t> phase_of(std::string_view name)
{
    if (name.size() < 4 || name.substr(name.size() - 3, 2) != "_l")
        return std::nullopt;
    auto const digit = name.back();
    if (digit < '1' || digit > '3')
        return std::nullopt;
    return static_cast<std::size_t>(digit - '1');
}

} // namespace

double electrical::line_volts(std::size_t i) const
{
    auto const a = volts[i];
    auto const b = volts[(i + 1) % 3];
    return std::sqrt(a * a + b * b + a * b); // phases 120 degrees apart
}

std::optional<point_source> electrical_source(electrical_view view, energy_counters counters, std::string_view point)
{
    if (auto const total = totals.find(point); total != totals.end())
        return number_source{[view, f = total->second](plant const& p) { return f(view(p)); }};
    if (auto counter = counter_source(counters, point))
        return std::move(*counter);
    if (point == "current_ratio" || point == "voltage_ratio")
        return number_source{[](plant const&) { return 1.0; }};
    if (point == "phase_sequence")
        return state_source{[](plant const&) { return std::vector<std::string_view>{"positive", "right", "normal"}; }};
    auto const i = phase_of(point);
    if (!i)
        return std::nullopt;
    auto const base = point.substr(0, point.size() - 3);
    if (auto const phase = phases.find(base); phase != phases.end())
        return number_source{[view, f = phase->second, i = *i](plant const& p) { return f(view(p), i); }};
    if (auto counter = counter_source(counters, base))
        return number_source{[c = std::move(*counter), i = *i](plant const& p) { return c(p) * electrical::share[i]; }};
    return std::nullopt;
}

} // namespace kilnwatt::simulator
