#include "agent/energy/user_kpi.hpp"

#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/unit_dimension.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace kilnwatt::energy {
namespace {

kpi_model const* kpi_named(plant_model const& m, std::string_view name)
{
    auto const k = std::find_if(m.kpis.begin(), m.kpis.end(), [&](kpi_model const& x) { return x.name == name; });
    return k == m.kpis.end() ? nullptr : &*k;
}

std::optional<std::string> unit_of_name(plant_model const& m, std::string_view name)
{
    if (auto const* k = kpi_named(m, name))
        return k->unit;
    if (auto const u = unit_of_figure(m, name))
        return std::string{*u};
    return std::nullopt;
}

std::string nearest_name(plant_model const& m, std::string const& name)
{
    std::vector<std::string> all;
    for (auto const& x : metric_units())
        all.emplace_back(x.name);
    for (auto const& d : m.devices)
        for (auto const* leaf : {"p", "e", "q", "pr", "eta", "lf", "p_in"})
            all.push_back(metric_name(d.name, leaf));
    std::erase_if(all, [&](std::string const& x) { return !unit_of_figure(m, x); });
    for (auto const& k : m.kpis)
        all.push_back(k.name);
    std::vector<std::string_view> const views{all.begin(), all.end()};
    auto const found = nearest(name, views, 1);
    return found.empty() ? "" : std::string{found.front()};
}

/// Does the formula behave like a quantity of the kind of `unit`, when its inputs have these values and are of theirs?
bool fits_at(formula const& f, std::vector<double> const& values, std::vector<measure> const& inputs,
             measure const& unit)
{
    constexpr double larger = 1.0009765625; // 1 + 2^-10: conditions inside the formula stay as they are
    constexpr double tolerance = 1e-9;
    auto const before = f.value(values);
    if (std::isnan(before) || before == 0)
        return true; // says nothing here
    for (std::size_t kind = 0; kind < measure::kinds; ++kind) {
        auto scaled = values;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            scaled[i] *= std::pow(larger, inputs[i].exponents[kind]);
        auto const expected = before * std::pow(larger, unit.exponents[kind]);
        if (!(std::abs(f.value(scaled) - expected) <= tolerance * std::abs(expected)))
            return false;
    }
    return true;
}

/// At points where each input in turn is the largest and the smallest, so that min and max show all their arguments.
bool fits(formula const& f, std::vector<measure> const& inputs, measure const& unit)
{
    auto const n = inputs.size();
    for (std::size_t turn = 0; turn < std::max<std::size_t>(n, 1); ++turn) {
        std::vector<double> values;
        for (std::size_t i = 0; i < n; ++i)
            values.push_back(1.37 + 0.611 * static_cast<double>((i + turn) % n));
        if (!fits_at(f, values, inputs, unit))
            return false;
    }
    return true;
}

struct checker {
    plant_model const& m;
    std::vector<kpi_fault> faults;

    void note(std::size_t k, char const* key, std::string message, std::string remedy)
    {
        faults.push_back({k, key, std::move(message), std::move(remedy)});
    }

    void names(std::size_t k, formula const& f)
    {
        for (auto const& name : f.names()) {
            if (unit_of_name(m, name))
                continue;
            auto const near = nearest_name(m, name);
            note(k, "formula", fmt::format("this plant has no figure '{}'", name),
                 near.empty() ? "docs/metrics.md lists the figures; a point is <device>.<point>"
                              : fmt::format("did you mean '{}'? docs/metrics.md lists the figures", near));
        }
    }

    void units(std::size_t k, formula const& f)
    {
        auto const& kpi = m.kpis[k];
        auto const unit = measure_of(kpi.unit);
        if (!unit)
            return note(k, "unit", fmt::format("there is no unit '{}'", kpi.unit), "for example \"kWh/t\" or \"%\"");
        std::vector<measure> inputs;
        std::string of;
        for (auto const& name : f.names()) {
            auto const text = unit_of_name(m, name);
            auto const known = text ? measure_of(*text) : std::nullopt;
            if (!known)
                return;
            inputs.push_back(*known);
            of += fmt::format("{}{} [{}]", of.empty() ? "" : ", ", name, text->empty() ? "1" : *text);
        }
        if (!fits(f, inputs, *unit))
            note(k, "unit", fmt::format("the formula of {} gives no {}", of, kpi.unit.empty() ? "1" : kpi.unit),
                 "give the unit that it has; parts of a sum must be of one kind");
    }

    void floors(std::size_t k)
    {
        for (auto const& floor : m.kpis[k].floors)
            if (!unit_of_name(m, floor.name))
                note(k, "floor", fmt::format("this plant has no figure '{}'", floor.name),
                     "name a figure that the formula uses");
    }

    /// Names of the circle that leads from `k` back to it; empty when there is none.
    std::string circle(std::size_t k) const
    {
        std::vector<std::string> path{m.kpis[k].name};
        std::set<std::string> seen;
        return walk(k, k, path, seen) ? fmt::format("{}", fmt::join(path, " -> ")) : "";
    }

    bool walk(std::size_t at, std::size_t target, std::vector<std::string>& path, std::set<std::string>& seen) const
    {
        std::string why;
        auto const f = formula::parse(m.kpis[at].formula, why);
        if (!f)
            return false;
        for (auto const& name : f->names()) {
            auto const* next = kpi_named(m, name);
            if (next == nullptr)
                continue;
            path.push_back(name);
            auto const i = static_cast<std::size_t>(next - m.kpis.data());
            if (i == target || (seen.insert(name).second && walk(i, target, path, seen)))
                return true;
            path.pop_back();
        }
        return false;
    }
};

} // namespace

std::vector<kpi_fault> check_kpis(plant_model const& m)
{
    checker c{m, {}};
    for (std::size_t k = 0; k < m.kpis.size(); ++k) {
        auto const& kpi = m.kpis[k];
        if (unit_of_figure(m, kpi.name))
            c.note(k, "name", fmt::format("'{}' is a figure of the plant already", kpi.name), "choose another name");
        std::string why;
        auto const f = formula::parse(kpi.formula, why);
        if (!f) {
            c.note(k, "formula", "is no formula: " + why, "for example \"press_meter.e / production.mass\"");
            continue;
        }
        if (auto const circle = c.circle(k); !circle.empty()) {
            c.note(k, "formula", "leads in a circle: " + circle, "one of them must do without the others");
            continue;
        }
        c.names(k, *f);
        c.units(k, *f);
        c.floors(k);
    }
    return std::move(c.faults);
}

user_kpis::user_kpis(plant_model const& m) : targets_{m.targets}, local_time_{m.local_time}
{
    std::set<std::size_t> wrong;
    for (auto const& f : check_kpis(m))
        wrong.insert(f.kpi);
    for (std::size_t k = 0; k < m.kpis.size(); ++k)
        if (wrong.count(k) == 0)
            kpis_.push_back(m.kpis[k]);
    std::set<std::string> done;
    for (auto progress = true; progress;) {
        progress = false;
        for (auto const& kpi : kpis_) {
            std::string why;
            std::shared_ptr<formula> const f = formula::parse(kpi.formula, why);
            auto const ready = std::all_of(f->names().begin(), f->names().end(), [&](std::string const& n) {
                return kpi_named(m, n) == nullptr || done.count(n) == 1;
            });
            if (done.count(kpi.name) == 1 || !ready)
                continue;
            compiled c{&kpi, f, {}, measure_of(kpi.unit)->factor};
            for (auto const& n : f->names()) {
                c.factors.push_back(measure_of(*unit_of_name(m, n))->factor);
                auto const is_point = kpi_named(m, n) == nullptr && point_named(m, n);
                if (is_point && std::find(points_.begin(), points_.end(), n) == points_.end())
                    points_.push_back(n);
            }
            order_.push_back(std::move(c));
            done.insert(kpi.name);
            progress = true;
        }
    }
}

std::vector<named_value> user_kpis::progress(std::map<std::string, figure_value> const& figures, time_span when) const
{
    if (targets_.empty() || when.length() < month_min)
        return {};
    return target_values(targets_, figures, local_time_.year_of(when.start));
}

figure_value user_kpis::value_of(compiled const& c, std::map<std::string, figure_value> const& figures) const
{
    figure_value v;
    v.coverage = 1;
    v.q = quality::good;
    std::vector<double> inputs;
    auto known = true;
    for (std::size_t i = 0; i < c.how->names().size(); ++i) {
        auto const& in = figures.at(c.how->names()[i]);
        v.q = combined(v.q, in.q);
        v.coverage = std::min(v.coverage, in.coverage);
        v.how = std::max(v.how, in.how);
        known = known && in.known;
        inputs.push_back(in.value * c.factors[i]);
    }
    if (!known)
        return v;
    for (auto const& floor : c.kpi->floors) {
        auto const in = figures.find(floor.name);
        if (in == figures.end() || !in->second.known || in->second.value < floor.least) {
            v.q = combined(v.q, quality::denominator_low);
            return v;
        }
    }
    v.value = c.how->value(inputs) / c.result;
    v.known = std::isfinite(v.value);
    if (!v.known)
        v.q = combined(v.q, quality::denominator_low);
    return v;
}

std::vector<user_kpis::value> user_kpis::values(std::map<std::string, figure_value> figures, instant length) const
{
    std::vector<value> all;
    for (auto const& c : order_) {
        auto const& names = c.how->names();
        if (std::any_of(names.begin(), names.end(), [&](std::string const& n) { return figures.count(n) == 0; }))
            continue;
        auto const v = value_of(c, figures);
        figures[c.kpi->name] = v;
        if (length >= c.kpi->shortest)
            all.push_back({c.kpi, v});
    }
    return all;
}

} // namespace kilnwatt::energy
