#include "agent/energy/integral_energy.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kilnwatt::energy {
namespace {

enum class part : std::uint8_t { positive, negative };

struct integral_rule {
    std::string_view gauge;
    std::string_view counter;
    std::string_view unit;
    part side = part::positive;
    std::array<std::string_view, 2> synonyms{};
};

constexpr std::array pv_rules{
    integral_rule{"dc_power", "dc_energy", "Wh"},
    integral_rule{
        "active_power", "active_energy", "Wh", part::positive, {"active_energy_export", "active_energy_import"}},
};
constexpr std::array grid_rules{
    integral_rule{"active_power", "active_energy_import", "Wh"},
    integral_rule{"active_power", "active_energy_export", "Wh", part::negative},
};
constexpr std::array battery_rules{
    integral_rule{"active_power", "discharge_energy", "Wh"},
    integral_rule{"active_power", "charge_energy", "Wh", part::negative},
};
constexpr std::array heat_rules{integral_rule{"thermal_power", "thermal_energy", "Wh"}};
constexpr std::array boiler_rules{
    integral_rule{"fuel_volume_flow", "fuel_volume", "m3"},
    integral_rule{"steam_mass_flow", "steam_mass", "kg"},
    integral_rule{"thermal_power", "thermal_energy", "Wh"},
};
constexpr std::array fuel_rules{
    integral_rule{"fuel_volume_flow", "fuel_volume", "m3", part::positive, {"volume"}},
    integral_rule{"volume_flow", "volume", "m3", part::positive, {"fuel_volume"}},
};
constexpr std::array load_rules{
    integral_rule{"active_power", "active_energy_import", "Wh", part::positive, {"active_energy"}},
    integral_rule{"output_power", "active_energy_import", "Wh", part::positive, {"active_energy"}},
    integral_rule{"volume_flow", "volume", "m3"},
};

std::span<integral_rule const> rules_of(role what)
{
    switch (what) {
    case role::pv:
        return pv_rules;
    case role::grid:
        return grid_rules;
    case role::battery:
        return battery_rules;
    case role::waste_heat:
        return heat_rules;
    case role::boiler:
        return boiler_rules;
    case role::fuel:
        return fuel_rules;
    case role::load:
    case role::motor:
    case role::kiln:
    case role::transformer:
        return load_rules;
    case role::none:
    case role::production:
    case role::weather:
        break;
    }
    return {};
}

device_window::counter* counter_named(device_window& w, std::string_view name)
{
    auto const c = std::find_if(w.counters.begin(), w.counters.end(), [&](auto const& x) { return x.name == name; });
    return c == w.counters.end() ? nullptr : &*c;
}

bool is_counted(device_window& w, integral_rule const& rule)
{
    auto const counted = [&](std::string_view name) {
        auto const* c = name.empty() ? nullptr : counter_named(w, name);
        return c != nullptr && (c->read || c->delta.how == method::integral);
    };
    return counted(rule.counter) || std::any_of(rule.synonyms.begin(), rule.synonyms.end(), counted);
}

counter_delta integral_of(gauge_summary const& g, part side, device_window const& w)
{
    counter_delta d;
    auto const sum = side == part::positive ? g.positive : g.positive - g.integral;
    d.value = sum / static_cast<double>(hour);
    d.known = g.covered > 0;
    d.from = w.start;
    d.covered = g.seen;
    d.whole = g.coverage(w.length()) >= coverage_good;
    d.q = g.quality_of_mean(w.length());
    if (d.known && d.q == quality::coverage_too_low)
        d.q = combined(g.worst, quality::low_coverage);
    d.how = method::integral;
    return d;
}

} // namespace

void add_integrals(device_window& w, role what)
{
    for (auto& c : w.counters)
        if (!c.read)
            c.delta = {};
    for (auto const& rule : rules_of(what)) {
        auto const* g = w.find_gauge(rule.gauge);
        if (g == nullptr || is_counted(w, rule))
            continue;
        auto const d = integral_of(*g, rule.side, w);
        if (auto* c = counter_named(w, rule.counter))
            c->delta = d;
        else
            w.counters.push_back({std::string{rule.counter}, std::string{rule.unit}, false, d});
    }
}

std::optional<counter_delta> integral_beside(device_window const& w, role what, std::string_view counter)
{
    auto const counts = [&](std::string_view name) { return !name.empty() && w.find_counter(name) != nullptr; };
    for (auto const& rule : rules_of(what)) {
        auto name = rule.counter;
        for (auto const& other : rule.synonyms)
            if (!counts(name))
                name = other;
        auto const* g = w.find_gauge(rule.gauge);
        if (name == counter && g != nullptr)
            return integral_of(*g, rule.side, w);
    }
    return std::nullopt;
}

} // namespace kilnwatt::energy
