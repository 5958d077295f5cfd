#include "agent/report/report_charts.hpp"

#include "agent/report/html_page.hpp"

#include <algorithm>

namespace kilnwatt::report {
namespace {

constexpr auto pv_colour = "#e8a33d", grid_colour = "#56708a", battery_colour = "#2f9e8f", heat_colour = "#c2553f",
               export_colour = "#f2cf94", charge_colour = "#9ed3cb";
constexpr std::string_view tariff_colours[]{"#a4243b", "#d8743a", "#e3b95b", "#7aa37a", "#3f7d6e"};

using values = std::vector<std::optional<double>>;

values values_of(site_report const& r, std::string_view figure, double factor = 1)
{
    values found;
    for (auto const& p : r.parts) {
        auto const v = p.value(figure);
        found.push_back(v ? std::optional{*v * factor} : std::nullopt);
    }
    return found;
}

/// kWh of a part as mean kW.
values power_of(site_report const& r, std::string_view figure)
{
    auto found = values_of(r, figure);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i])
            *found[i] *= static_cast<double>(energy::hour) / static_cast<double>(r.parts[i].when.length());
    return found;
}

struct drawer {
    site_report const& r;
    language l;
    chart c;

    void add(std::string_view key, std::string_view colour, values v)
    {
        auto const known = std::any_of(v.begin(), v.end(), [](auto const& x) { return x && *x != 0; });
        if (known)
            c.all.push_back({std::string{label(key, l)}, std::string{colour}, std::move(v)});
    }
};

void draw_sources(drawer& d)
{
    d.c.unit = "kWh";
    d.add("pv", pv_colour, values_of(d.r, "pv.e"));
    d.add("waste_heat", heat_colour, values_of(d.r, "whr.e"));
    d.add("battery", battery_colour, values_of(d.r, "bat.e_dis"));
    d.add("grid", grid_colour, values_of(d.r, "grid.e_imp"));
    d.add("exported", export_colour, values_of(d.r, "grid.e_exp", -1));
    d.c.all.reserve(d.c.all.size() + 1);
    if (auto v = values_of(d.r, "bat.e_cha", -1); std::any_of(v.begin(), v.end(), [](auto x) { return x && *x != 0; }))
        d.c.all.push_back({std::string{meaning_of("bat.e_cha", d.l)}, charge_colour, std::move(v)});
}

void draw_load(drawer& d)
{
    d.c.unit = "kW";
    d.c.as = chart::shape::lines;
    if (d.r.what == span::month || d.r.what == span::year) {
        d.add("demand", heat_colour, values_of(d.r, "grid.demand_max"));
        d.add("load", grid_colour, power_of(d.r, "site.e_load"));
        return;
    }
    d.add("pv", pv_colour, power_of(d.r, "pv.e"));
    d.add("load", grid_colour, power_of(d.r, "site.e_load"));
}

void draw_tariff(drawer& d)
{
    d.c.unit = "kWh";
    for (std::size_t i = 0; i < energy::tariff_period_count; ++i) {
        auto const period = to_string(static_cast<energy::tariff_period>(i));
        d.add(period, tariff_colours[i], values_of(d.r, "cost.e_" + std::string{period}));
    }
}

void draw_intensity(drawer& d)
{
    if (d.r.what != span::month && d.r.what != span::year)
        return; // of an hour it means nothing: work in progress
    d.c.as = chart::shape::bars;
    for (auto const name : {"tce.unit", "tce.per_m2", "tce.per_piece"}) // the first that the plant has
        if (auto const* f = d.r.whole.find(name)) {
            d.c.unit = readable_unit(f->unit);
            d.c.all.push_back({std::string{meaning_of(name, d.l)}, "#6b5b95", values_of(d.r, name)});
            return;
        }
}

} // namespace

std::vector<std::pair<std::string_view, chart>> charts_of(site_report const& r, energy::calendar const& c, language l)
{
    struct {
        std::string_view key;
        void (*draw)(drawer&);
    } const wanted[]{{"sources_chart", draw_sources},
                     {r.what == span::month || r.what == span::year ? "load_chart_long" : "load_chart", draw_load},
                     {"tariff_chart", draw_tariff},
                     {"tce_chart", draw_intensity}};
    std::vector<std::pair<std::string_view, chart>> all;
    for (auto const& w : wanted) {
        drawer d{r, l, {}};
        for (auto const& p : r.parts)
            d.c.parts.push_back(part_label(r.what, p.when.start, c));
        w.draw(d);
        if (!d.c.empty())
            all.emplace_back(w.key, std::move(d.c));
    }
    return all;
}

} // namespace kilnwatt::report
