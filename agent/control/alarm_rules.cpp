#include "agent/control/alarm_rules.hpp"

#include "agent/energy/figure.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "core/aggregate_columns.hpp"
#include "core/point_names.hpp"
#include "core/spelling.hpp"
#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kilnwatt::control {
namespace {

constexpr auto number_max = std::numeric_limits<double>::max();

std::string did_you_mean(std::string_view word, std::vector<std::string_view> const& known, std::string otherwise)
{
    auto const near = nearest(word, known, 1);
    return near.empty() ? std::move(otherwise) : fmt::format("did you mean '{}'?", near.front());
}

drivers::device const* device_of(site_plan const& plan, std::string_view name)
{
    for (auto const& link : plan.links)
        for (auto const& d : link.devices)
            if (d.device.name() == name)
                return &d.device;
    return nullptr;
}

/// Its unit; nothing when the device has no such number. A SunSpec device shows its points when it answers: until then
/// the vocabulary tells.
std::optional<std::string> unit_of(drivers::profile const& p, std::string_view point)
{
    for (auto const& known : p.points)
        if (known.name == point)
            return is_text(known.type) ? std::nullopt : std::optional{known.unit};
    auto const meaning = p.sunspec ? point_meaning_of(point) : std::nullopt;
    if (!meaning || meaning->kind == point_kind::text)
        return std::nullopt;
    return std::string{meaning->unit};
}

std::vector<std::string_view> numbers_of(drivers::profile const& p)
{
    std::vector<std::string_view> names;
    for (auto const& known : p.points)
        if (!is_text(known.type))
            names.emplace_back(known.name);
    return names;
}

bool find_point(site_plan const& plan, settings::alarm_settings const& a, energy::alarm_rule& r)
{
    auto owner = a.owner;
    auto const dot = a.point.find('.');
    r.device = a.point.substr(0, dot);
    r.column = dot == std::string::npos ? "" : a.point.substr(dot + 1);
    auto const* const d = device_of(plan, r.device);
    if (d == nullptr) {
        std::vector<std::string_view> names;
        auto configured = false; // with a mistake that is told elsewhere
        for (auto const& other : plan.site.devices) {
            names.emplace_back(other.name);
            configured = configured || other.name == r.device;
        }
        if (!configured && dot != std::string::npos)
            owner.complain("point", fmt::format("there is no device '{}'", r.device),
                           did_you_mean(r.device, names, "its name stands in [[device]]"));
        return false;
    }
    auto unit = unit_of(d->what(), r.column);
    if (!unit) {
        owner.complain("point", fmt::format("'{}' is no number that device '{}' has", r.column, r.device),
                       did_you_mean(r.column, numbers_of(d->what()),
                                    fmt::format("`kilnwatt profile show {}` lists its points", d->what().id)));
        return false;
    }
    r.unit = *std::move(unit);
    return true;
}

stream shortest_stream(energy::instant length)
{
    return length <= energy::minute    ? stream::kpi_1m
           : length <= energy::quarter ? stream::kpi_15m
           : length <= energy::hour    ? stream::kpi_1h
           : length <= energy::day_min ? stream::kpi_day
                                       : stream::kpi_month;
}

/// Of a figure of the plant, of one device, or of a formula of the site.
std::optional<energy::metric_unit> meaning_of(energy::plant_model const& m, std::string const& kpi)
{
    for (auto const& own : m.kpis)
        if (own.name == kpi)
            return energy::metric_unit{own.name, own.unit, shortest_stream(own.shortest)};
    return energy::figure_named(m, kpi);
}

bool find_metric(site_plan const& plan, settings::alarm_settings const& a, energy::alarm_rule& r)
{
    auto const meaning = meaning_of(plan.model, a.kpi);
    if (!meaning) {
        auto owner = a.owner;
        if (energy::metric_meaning_of(a.kpi))
            owner.complain("kpi", fmt::format("this plant has no figure '{}'", a.kpi),
                           "docs/metrics.md says which role or tariff it needs");
        else
            owner.complain("kpi", fmt::format("there is no figure '{}'", a.kpi),
                           did_you_mean(a.kpi, energy::metric_ids(), "docs/metrics.md lists them"));
        return false;
    }
    r.device = aggregate::site;
    r.column = a.kpi;
    r.from = meaning->shortest;
    r.unit = meaning->unit;
    return true;
}

std::optional<double> read_number(config::table owner, std::string_view key, std::string const& unit, double min)
{
    if (unit.empty())
        return owner.number(key, min, number_max);
    auto units = units_like(unit);
    if (unit == "degC" && key == "hysteresis")
        units.emplace_back("K", 1.0);
    return owner.quantity(key, units, min, number_max);
}

} // namespace

std::vector<energy::alarm_rule> alarm_rules_of(site_plan const& plan)
{
    std::vector<energy::alarm_rule> rules;
    for (auto const& a : plan.site.alarms) {
        energy::alarm_rule r;
        r.name = a.name;
        r.when.above = a.above;
        r.when.delay = a.delay.count();
        for (auto const s : {event_severity::info, event_severity::warning, event_severity::alarm})
            if (to_string(s) == a.severity)
                r.severity = s;
        if (a.point.empty() == a.kpi.empty()) // is noted already
            continue;
        if (!(a.point.empty() ? find_metric(plan, a, r) : find_point(plan, a, r)))
            continue;
        r.when.limit = read_number(a.owner, a.above ? "above" : "below", r.unit, -number_max).value_or(0);
        r.when.hysteresis = read_number(a.owner, "hysteresis", r.unit, 0).value_or(0);
        rules.push_back(std::move(r));
    }
    return rules;
}

} // namespace kilnwatt::control
