#include "agent/report/html_page.hpp"
#include "agent/report/page_parts.hpp"
#include "agent/report/page_tables.hpp"
#include "agent/report/xml.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

constexpr std::size_t doubtful_max = 12; ///< named; all of them stand in the tables of figures

std::string carrier_row(std::string_view figure, std::string const& amount, std::string const& unit,
                        stored_figure const& tce, std::optional<double> total, language l)
{
    auto const share = total && tce.value && *total > 0 ? fmt::format("{:.1f} %", 100 * *tce.value / *total) : "–";
    return fmt::format("<tr><td>{}</td>{}<td>{}</td>{}<td class=\"n\">{}</td>{}</tr>\n", meaning_of(figure, l), amount,
                       escaped(readable_unit(unit)), number(tce.value), share, quality_cell(tce.q, l));
}

} // namespace

std::string carriers_section(site_report const& r, language l)
{
    auto const total = r.whole.value("tce.total");
    std::string rows;
    if (auto const* tce = r.whole.find("tce.electricity")) {
        auto const bought = r.whole.value("grid.e_imp");
        auto const net = bought ? std::optional{*bought - r.whole.value("grid.e_exp").value_or(0)}
                                : r.whole.value("bought.electricity"); // entered
        rows += carrier_row("tce.net_electricity", number(net), "kWh", *tce, total, l);
    }
    for (auto const& f : r.whole.figures) {
        if (!f.name.starts_with("bought.") || f.name == "bought.electricity")
            continue;
        auto const item = f.name.substr(7);
        if (auto const* tce = r.whole.find(item == "natural_gas" ? "tce.gas" : "tce." + item))
            rows += carrier_row(f.name, number(f.value), f.unit, *tce, total, l);
    }
    if (auto const* pv = r.whole.find("tce.onsite_pv"))
        rows += carrier_row("pv.e", number(r.whole.value("pv.e")), "kWh", *pv, total, l);
    if (rows.empty())
        return {};
    auto body =
        "<table>\n" +
        head({{"carrier"}, {"amount", true}, {"unit"}, {"energy_kgce", true}, {"share", true}, {"quality"}}, l) + rows;
    if (auto const* sum = r.whole.find("tce.total"))
        body += fmt::format("<tr class=\"sum\"><td>{}</td><td></td><td></td>{}<td class=\"n\"></td>{}</tr>\n",
                            label("sum", l), number(sum->value), quality_cell(sum->q, l));
    return section("carriers", body + "</table>\n", l);
}

std::string comparison_section(site_report const& r, language l)
{
    if (r.comparison.empty())
        return {};
    auto body = "<table>\n" + head({{"figure"}, {"value", true}, {"unit"}, {"before", true}, {"change", true}}, l);
    for (auto const& c : r.comparison)
        body += fmt::format("<tr><td>{} <code>{}</code></td>{}<td>{}</td>{}<td class=\"n\">{:+.1f} {}</td></tr>\n",
                            escaped(meaning_of(c.name, l)), escaped(c.name), number(c.now),
                            escaped(readable_unit(c.unit)), number(c.before), c.change(), label(c.change_unit(), l));
    return section("comparison",
                   body + fmt::format("</table>\n<p class=\"note\">{} {}</p>\n", label("before", l), escaped(r.before)),
                   l);
}

std::string completeness_section(site_report const& r, language l)
{
    auto const& k = r.known;
    std::string body;
    if (k.parts_expected > 0)
        body += fmt::format("<p>{}: {} / {}</p>\n",
                            label(r.what == span::year    ? "months_known"
                                  : r.what == span::month ? "days_known"
                                                          : "quarters_known",
                                  l),
                            k.parts, k.parts_expected);
    body += fmt::format("<p>{}: {} {}, {} {}, {} {}</p>\n", label("plant_figures", l), k.good, label("good", l),
                        k.uncertain, label("uncertain", l), k.missing, label("none", l));
    if (k.doubtful.empty())
        return section("completeness", body, l);
    body += "<table>\n" + head({{"figure"}, {"quality"}, {"coverage", true}}, l);
    for (std::size_t i = 0; i < k.doubtful.size() && i < doubtful_max; ++i) {
        auto const& f = k.doubtful[i];
        body += fmt::format("<tr><td>{} <code>{}</code></td>{}<td class=\"n\">{:.1f} %</td></tr>\n",
                            escaped(meaning_of(f.name, l)), escaped(f.name), quality_cell(f.q, l), 100 * f.coverage);
    }
    body += "</table>\n";
    if (k.doubtful.size() > doubtful_max)
        body +=
            fmt::format("<p class=\"note\">{} {}</p>\n", k.doubtful.size() - doubtful_max, label("doubtful_more", l));
    return section("completeness", body, l);
}

} // namespace kilnwatt::report
