#include "agent/control/target_rules.hpp"

#include "agent/control/kpi_rules.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/target.hpp"
#include "agent/report/entered_figures.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::control {
namespace {

std::optional<std::string> unit_of(energy::plant_model const& m, std::string const& figure)
{
    auto const k = std::find_if(m.kpis.begin(), m.kpis.end(), [&](auto const& x) { return x.name == figure; });
    if (k != m.kpis.end())
        return k->unit;
    auto const unit = energy::unit_of_figure(m, figure);
    return unit ? std::optional{std::string{*unit}} : std::nullopt;
}

struct reader {
    settings::target_settings const& t;
    config::defects& found;
    bool ok = true;

    void note(config::place at, char const* key, std::string message, std::string remedy)
    {
        found.push_back({std::move(at), t.path + "." + key, std::move(message), std::move(remedy)});
        ok = false;
    }

    double number(config::place const& at, char const* key, std::string const& text, std::string const& unit)
    {
        auto x = 0.0;
        auto const remedy = fmt::format("a number above 0 with a unit, like \"150 {}\"", unit);
        if (auto why = read_amount(text, unit, x); !why.empty())
            note(at, key, std::move(why), remedy);
        else if (x <= 0)
            note(at, key, fmt::format("is {}, but must be above 0", text), remedy);
        return x;
    }
};

} // namespace

void add_targets(settings::site const& site, energy::plant_model& model, config::defects& found)
{
    for (auto const& t : site.targets) {
        if (t.name.empty() || t.figure.empty() || t.base.empty() || (!t.reduction && t.value.empty()))
            continue; // is noted
        reader r{t, found};
        auto const unit = unit_of(model, t.figure);
        if (!unit) {
            auto const ids = energy::metric_ids();
            auto const near = nearest(t.figure, ids, 1);
            r.note(t.figure_at, "figure", fmt::format("this plant has no figure '{}'", t.figure),
                   near.empty() || !energy::unit_of_figure(model, near.front())
                       ? "docs/metrics.md lists the figures"
                       : fmt::format("did you mean '{}'? docs/metrics.md lists the figures", near.front()));
            continue;
        }
        energy::target_model m{t.name, t.figure, *unit, 0, t.reduction.value_or(0), t.base_year, t.year, t.source};
        for (auto const& k : model.kpis)
            for (auto const* leaf : {"reduction", "progress", "cagr"})
                if (k.name == energy::target_figure(m, leaf))
                    r.note(t.name_at, "name", fmt::format("its figure {} is a [[kpi]] already", k.name),
                           "choose another name for one of them");
        m.base_is_entered = t.base == "imported";
        if (m.base_is_entered && !report::can_be_entered(t.figure))
            r.note(t.base_at, "base", fmt::format("'{}' cannot be made from imported data", t.figure),
                   fmt::format("a number above 0 with a unit, like \"150 {}\"", *unit));
        else if (!m.base_is_entered)
            m.base = r.number(t.base_at, "base", t.base, *unit);
        if (!t.value.empty() && m.base_is_entered)
            m.aim = r.number(t.value_at, "value", t.value, *unit);
        else if (!t.value.empty() && r.ok) {
            auto const value = r.number(t.value_at, "value", t.value, *unit);
            m.reduction = 1 - value / m.base;
            if (r.ok && m.reduction <= 0)
                r.note(t.value_at, "value", fmt::format("is {}, not below the base {}", t.value, t.base),
                       "are the two exchanged?");
        }
        if (r.ok)
            model.targets.push_back(std::move(m));
    }
}

} // namespace kilnwatt::control
