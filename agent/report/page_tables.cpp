#include "agent/report/page_tables.hpp"

#include "agent/report/html_page.hpp"
#include "agent/report/page_parts.hpp"
#include "agent/report/xml.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

/// The plant's words for a figure, also for a device's: "pv_roof_1.e" has those of "pv.e".
std::string words_of(site_report const& r, std::string const& figure, language l)
{
    if (auto const own = meaning_of(figure, l); !own.empty())
        return std::string{own};
    auto const dot = figure.find('.');
    auto const group = r.device_groups.find(figure.substr(0, dot));
    if (group == r.device_groups.end() || dot == std::string::npos)
        return {};
    auto const leaf = figure.substr(dot);
    auto const found = meaning_of(group->second + leaf, l);
    return std::string{found.empty() ? meaning_of("mach" + leaf, l) : found};
}

std::string figure_row(site_report const& r, stored_figure const& f, language l)
{
    auto value = number(f.value);
    if (!f.value && f.partial && *f.partial != 0)
        value = fmt::format("<td class=\"n\">({} {})</td>", label("known_part", l), readable(*f.partial));
    auto const unit = escaped(readable_unit(f.unit));
    auto const mode =
        f.name == "site.pv_first" && !r.pv_first.empty() ? fmt::format(" ({})", label(r.pv_first, l)) : "";
    auto const when = f.at ? fmt::format("<br/><span class=\"note\">{}</span>", local_text(*f.at, r.local_time)) : "";
    return fmt::format(
        "<tr><td>{}{} <code>{}</code>{}</td>{}<td>{}</td>{}<td class=\"n\">{:.1f} %</td><td>{}</td></tr>\n",
        escaped(words_of(r, f.name, l)), mode, escaped(f.name), when, value, unit, quality_cell(f.q, l),
        100 * f.coverage, label(f.method, l));
}

std::string figure_table(std::string_view key, std::string const& rows, language l)
{
    if (rows.empty())
        return {};
    auto const heads = head({{"figure"}, {"value", true}, {"unit"}, {"quality"}, {"coverage", true}, {"method"}}, l);
    return section(key, "<table>\n<thead>" + heads + "</thead>\n<tbody>" + rows + "</tbody>\n</table>\n", l, true);
}

std::string side(std::string_view key, std::vector<balance_table::line> const& lines, std::optional<double> sum,
                 language l)
{
    auto out = fmt::format("<table>\n<tr><th>{}</th><th class=\"n\">kWh</th></tr>\n", label(key, l));
    for (auto const& x : lines)
        out += fmt::format("<tr><td>{}</td>{}</tr>\n", meaning_of(x.what, l), number(x.kwh));
    return out + fmt::format("<tr class=\"sum\"><td>{}</td>{}</tr>\n</table>\n", label("sum", l), number(sum));
}

} // namespace

std::string balance_section(site_report const& r, language l)
{
    auto const& b = r.balance;
    if (b.empty())
        return {};
    auto body = "<div class=\"pair\">\n" + side("source_side", b.sources, b.in, l) +
                side("use_side", b.uses, b.out, l) + "</div>\n";
    if (b.residual)
        body += fmt::format("<p><b>{}: {} kWh ({:.2f} %)</b> <span class=\"note\">{}</span></p>\n",
                            label("residual", l), readable(*b.residual), 100 * b.share, label("residual_note", l));
    return section("balance", body, l);
}

std::string tariff_section(site_report const& r, language l)
{
    if (r.tariff.empty())
        return {};
    auto body =
        "<table>\n" + head({{"period"}, {"price", true}, {"energy_kwh", true}, {"cost_cny", true}, {"quality"}}, l);
    for (auto const& t : r.tariff)
        body += fmt::format("<tr><td>{}</td><td class=\"n\">{:.4f}</td>{}{}{}</tr>\n", label(to_string(t.period), l),
                            t.price, number(t.kwh), number(t.cost), quality_cell(t.q, l));
    if (auto const* sum = r.whole.find("cost.energy"))
        body += fmt::format("<tr class=\"sum\"><td>{}</td><td></td>{}{}{}</tr>\n", label("sum", l),
                            number(r.whole.value("grid.e_imp")), number(sum->value), quality_cell(sum->q, l));
    return section("tariff", body + "</table>\n", l);
}

std::string target_section(site_report const& r, language l)
{
    if (r.targets.empty())
        return {};
    auto const year = std::stoi("0" + r.label.substr(0, 4));
    auto body =
        "<table>\n" +
        head({{"name"}, {"base_year", true}, {"value", true}, {"cumulative", true}, {"aim", true}, {"progress", true}},
             l);
    for (auto const& [t, value, now, q] : r.targets) {
        auto const known = value && t.base > 0;
        auto const share = [&](double x) { return known ? fmt::format("{:.2f} %", 100 * x) : std::string{"–"}; };
        auto const aim = t.base > 0 ? fmt::format("{:.2f} %", 100 * t.reduction)
                                    : fmt::format("{} {}", readable(t.aim), escaped(readable_unit(t.unit)));
        auto reduced = share(now.reduction);
        if (known && now.yearly)
            reduced += fmt::format("<br/><span class=\"note\">{:.4f} %/a, N = {}</span>", 100 * *now.yearly,
                                   year - t.base_year);
        auto const unit = escaped(readable_unit(t.unit));
        auto const amount = [](double v) { return fmt::format("{:.6g}", v); };
        auto const when = [](int y) { return y == 0 ? std::string{} : fmt::format(" ({})", y); };
        body += fmt::format("<tr class=\"first\"><td>{} <code>{}</code> {}</td><td class=\"n\">{}{}</td>"
                            "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}{}</td>"
                            "<td class=\"n\">{}</td></tr>\n",
                            escaped(t.name), escaped(t.figure), unit, t.base > 0 ? amount(t.base) : "–",
                            when(t.base_year), value ? amount(*value) : quality_words(std::string{to_string(q)}, l),
                            reduced, aim, when(t.year), share(now.progress));
        body += fmt::format("<tr><td colspan=\"6\" class=\"note\">{}</td></tr>\n",
                            escaped(t.base_is_entered ? t.source + "; " + t.base_source : t.source));
    }
    return section("targets", body + "</table>\n", l);
}

std::string reduction_section(site_report const& r, language l)
{
    if (!r.reduction)
        return {};
    auto const& c = *r.reduction;
    auto const of = [&](std::string_view key, intensity const& y) {
        return fmt::format("<tr><td class=\"k\">{} {}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n",
                           label(key, l), y.label, fmt::format("{:.6g}", y.value), escaped(y.unit), escaped(y.sources));
    };
    auto body = "<table>\n" + head({{"name"}, {"value", true}, {"unit"}, {"source"}}, l) + of("base_period", c.base) +
                of("end_period", c.end);
    body += fmt::format("<tr><td class=\"k\">{}</td><td class=\"n\">{:.2f}</td><td>%</td><td>1 − {} / {}</td></tr>\n",
                        label("cumulative", l), 100 * c.cumulative, c.end.label, c.base.label);
    body += fmt::format("<tr><td class=\"k\">{}</td><td class=\"n\">{:.4f}</td><td>%</td><td>{} = {}</td></tr>\n",
                        label("yearly", l), 100 * c.yearly, label("years", l), c.years);
    for (auto const& x : c.changes)
        body += fmt::format("<tr><td class=\"k\">{}</td><td class=\"n\">{:+.2f}</td><td>%</td><td>{}</td></tr>\n",
                            meaning_of(x.name, l), 100 * x.value, escaped(x.sources));
    return section("reduction", body + "</table>\n", l);
}

std::string figures_section(site_report const& r, language l)
{
    std::string plant, devices;
    for (auto const& f : r.whole.figures) {
        auto const of_device =
            r.device_groups.count(f.name.substr(0, f.name.find('.'))) == 1 && meaning_of(f.name, l).empty();
        (of_device ? devices : plant) += figure_row(r, f, l);
    }
    return figure_table("plant_figures", plant, l) + figure_table("device_figures", devices, l);
}

std::string entries_section(site_report const& r, language l)
{
    if (r.entered.empty())
        return {};
    auto body = "<table>\n" +
                head({{"name"}, {"period"}, {"value", true}, {"unit"}, {"source"}, {"author"}, {"revision", true}}, l);
    for (auto const& e : r.entered)
        body += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td>"
                            "<td class=\"n\">{}</td></tr>\n",
                            escaped(e.item), escaped(e.period), readable(e.value), escaped(readable_unit(e.unit)),
                            escaped(e.source), escaped(e.author), e.revision);
    return section("entered_by", body + "</table>\n", l, true);
}

namespace {

/// "Natural gas", "Price: sharp": what a coefficient is of.
std::string coefficient_words(std::string const& what, language l)
{
    constexpr std::string_view price = "tariff.";
    if (what.starts_with(price))
        return fmt::format("{}: {}", label("tariff_price", l), label(what.substr(price.size()), l));
    auto const carrier = meaning_of("bought." + what, l);
    auto const own = label(what, l);
    return escaped(own == what && !carrier.empty() ? carrier : own);
}

} // namespace

std::string coefficients_section(site_report const& r, language l)
{
    auto body = "<table>\n" + head({{"name"}, {"value", true}, {"unit"}, {"source"}}, l);
    for (auto const& c : r.coefficients)
        body += fmt::format("<tr><td class=\"k\">{}</td><td class=\"n\">{:g}</td><td>{}</td><td>{}</td></tr>\n",
                            coefficient_words(c.what, l), c.value, escaped(readable_unit(c.unit)),
                            escaped(label(c.source, l)));
    return section("coefficients",
                   body + fmt::format("</table>\n<p class=\"note\">{}</p>\n",
                                      label(r.counts_onsite_pv ? "tce_note_pv" : "tce_note", l)),
                   l);
}

std::string events_section(site_report const& r, energy::calendar const& c, language l)
{
    if (r.events.empty())
        return {};
    auto body = "<table>\n" + head({{"time"}, {"subject"}, {"message"}}, l);
    for (auto const& e : r.events)
        body += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            local_text(e.at.time_since_epoch().count(), c), escaped(e.subject), escaped(e.message));
    body += "</table>\n";
    if (r.events_left_out > 0)
        body += fmt::format("<p class=\"note\">{} {}</p>\n", r.events_left_out, label("events_more", l));
    return section("events", body, l, true);
}

} // namespace kilnwatt::report
