#include "agent/report/report_lines.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

using lines = std::vector<report_line>;

/// "2026-05-24T16:00:00Z"
std::string iso(std::int64_t ms)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(ms / 1000)));
}

void add_period(lines& all, site_report const& r)
{
    auto const what = fmt::format("{} {}", to_string(r.what), r.label);
    all.push_back({"period", "start", std::nullopt, "", "", std::nullopt, what, "", iso(r.whole.when.start)});
    all.push_back({"period", "end", std::nullopt, "", "", std::nullopt, what, "", iso(r.whole.when.end)});
}

void add_figures(lines& all, site_report const& r)
{
    for (auto const& f : r.whole.figures) {
        auto const from = f.name == "site.pv_first" && !r.pv_first.empty() ? "mode " + r.pv_first : f.source;
        all.push_back({"figure", f.name, f.value, f.unit, std::string{to_string(f.q)}, f.coverage, f.method, from,
                       f.at ? iso(*f.at) : ""});
        if (!f.value && f.partial)
            all.push_back({"figure", f.name + ".partial", f.partial, f.unit, std::string{to_string(f.q)}, f.coverage,
                           f.method, "what is known of it"});
    }
}

/// What people entered for the period or a part of it, each number as it was given.
void add_entries(lines& all, site_report const& r)
{
    for (auto const& e : r.entered)
        all.push_back({"entered", e.item + " " + e.period, e.value, e.unit,
                       std::string{to_string(quality::manual_value)}, std::nullopt,
                       fmt::format("revision {}", e.revision), fmt::format("{} ({})", e.source, e.author)});
}

void add_completeness(lines& all, site_report const& r)
{
    auto const add = [&](std::string name, std::size_t n, std::string how) {
        all.push_back(
            {"completeness", std::move(name), static_cast<double>(n), "", "", std::nullopt, std::move(how), ""});
    };
    add("figures.good", r.known.good, "of the period");
    add("figures.uncertain", r.known.uncertain, "of the period");
    add("figures.missing", r.known.missing, "of the period");
    if (r.known.parts_expected > 0)
        add("parts", r.known.parts, fmt::format("of {} with data", r.known.parts_expected));
}

void add_comparison(lines& all, site_report const& r)
{
    for (auto const& c : r.comparison)
        all.push_back({"comparison", c.name, c.change(), std::string{c.change_unit()}, "", std::nullopt,
                       fmt::format("change from {:g}{}{} in {}", c.before, c.unit.empty() ? "" : " ", c.unit, r.before),
                       ""});
}

void add_balance(lines& all, balance_table const& b)
{
    for (auto const* side : {&b.sources, &b.uses})
        for (auto const& l : *side)
            all.push_back({"balance", std::string{l.what}, l.kwh, "kWh", std::string{to_string(l.q)}, std::nullopt,
                           side == &b.sources ? "source" : "use", ""});
    if (!b.residual)
        return;
    all.push_back({"balance", "residual", b.residual, "kWh", "", std::nullopt, "sources less uses", ""});
    all.push_back({"balance", "residual_share", 100 * b.share, "%", "", std::nullopt, "of the larger side", ""});
}

void add_tariff(lines& all, site_report const& r)
{
    for (auto const& t : r.tariff) {
        auto const name = std::string{to_string(t.period)};
        auto const q = std::string{to_string(t.q)};
        all.push_back({"tariff", name + ".energy", t.kwh, "kWh", q, std::nullopt, "", ""});
        all.push_back(
            {"tariff", name + ".cost", t.cost, "CNY", q, std::nullopt, fmt::format("at {:.4f} CNY/kWh", t.price), ""});
    }
}

void add_targets(lines& all, site_report const& r)
{
    auto const year = r.label.size() < 4 ? 0 : std::stoi(r.label.substr(0, 4));
    for (auto const& [t, value, now, q] : r.targets) {
        auto const quality = std::string{to_string(q)};
        auto const add = [&](std::string_view leaf, std::optional<double> x, std::string unit, std::string how) {
            all.push_back({"target", t.name + "." + std::string{leaf}, x, std::move(unit), quality, std::nullopt,
                           std::move(how), t.source});
        };
        auto const known = [&](double share) { return value ? std::optional{100 * share} : std::nullopt; };
        auto const has_base = t.base > 0;
        add("base", has_base ? std::optional{t.base} : std::nullopt, t.unit,
            fmt::format("{} in {}", t.figure, t.base_year));
        if (t.base_is_entered)
            all.back().source = t.base_source;
        add("value", value, t.unit, t.figure);
        if (t.aim > 0)
            add("aim_value", t.aim, t.unit, t.figure);
        if (!has_base)
            continue;
        add("years", year - t.base_year, "", "N");
        add("aim", 100 * t.reduction, "%", t.year == 0 ? "reduction" : fmt::format("reduction by {}", t.year));
        add("reduction", known(now.reduction), "%", "1 - value / base");
        if (now.yearly)
            add("cagr", known(*now.yearly), "%", "1 - (1 - R)^(1/N)");
        add("progress", known(now.progress), "%", "reduction / aim");
    }
}

void add_reduction(lines& all, reduction_claim const& c)
{
    auto const of = [&](char const* name, intensity const& i) {
        all.push_back({"reduction", name, i.value, i.unit, "", std::nullopt, i.label, i.sources});
    };
    of("base", c.base);
    of("end", c.end);
    all.push_back({"reduction", "years", c.years, "", "", std::nullopt, "N", ""});
    all.push_back({"reduction", "kpi.cum_reduction", 100 * c.cumulative, "%", "", std::nullopt, "1 - end / base", ""});
    all.push_back({"reduction", "kpi.cagr", 100 * c.yearly, "%", "", std::nullopt, "1 - (1 - R)^(1/N)", ""});
    for (auto const& x : c.changes)
        all.push_back({"reduction", x.name, 100 * x.value, "%", "", std::nullopt, "change to the base", x.sources});
}

} // namespace

std::vector<report_line> lines_of(savings_claim const& c)
{
    lines all;
    auto const q = c.q();
    for (auto const& f : c.all())
        all.push_back({"savings", c.base.id + "." + f.name, f.value, f.unit, q ? std::string{to_string(*q)} : "",
                       c.coverage(), "model", c.origin()});
    return all;
}

std::vector<report_line> lines_of(site_report const& r)
{
    lines all;
    add_period(all, r);
    add_figures(all, r);
    add_entries(all, r);
    add_completeness(all, r);
    add_comparison(all, r);
    add_balance(all, r.balance);
    add_tariff(all, r);
    add_targets(all, r);
    if (r.reduction)
        add_reduction(all, *r.reduction);
    for (auto const& c : r.savings)
        for (auto& l : lines_of(c))
            all.push_back(std::move(l));
    for (auto const& c : r.coefficients)
        all.push_back({"coefficient", c.what, c.value, c.unit, "", std::nullopt, "", c.source});
    for (auto const& e : r.events)
        all.push_back({"event", e.kind, std::nullopt, "", e.severity, std::nullopt, e.subject, e.message,
                       iso(e.at.time_since_epoch().count())});
    return all;
}

} // namespace kilnwatt::report
