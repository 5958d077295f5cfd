#include "agent/report/html_page.hpp"
#include "agent/report/page_parts.hpp"
#include "agent/report/page_tables.hpp"
#include "agent/report/xml.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

/// The reasons once, for none of the figures is claimed.
std::string refused(savings_claim const& c, language l)
{
    std::string reasons;
    for (auto const& r : c.refusals)
        reasons += (reasons.empty() ? "" : "; ") + r;
    return fmt::format("<tr><td>{} <code>mv.savings</code></td><td colspan=\"5\" class=\"bad\">{}: {}</td></tr>\n",
                       meaning_of("mv.savings", l), label("not_claimed", l), escaped(reasons));
}

std::string claimed(savings_claim const& c, savings_claim::figure const& f, language l)
{
    return fmt::format("<tr><td>{} <code>{}</code></td>{}<td>{}</td>{}<td class=\"n\">{:.1f} %</td><td>{}</td></tr>\n",
                       meaning_of(f.name, l), f.name, number(f.value), escaped(readable_unit(f.unit)),
                       quality_cell(c.q().value_or(quality::no_data), l), 100 * c.coverage(), label("model", l));
}

} // namespace

std::string savings_section(site_report const& r, language l)
{
    if (r.savings.empty())
        return {};
    auto body =
        "<table>\n" + head({{"figure"}, {"value", true}, {"unit"}, {"quality"}, {"coverage", true}, {"method"}}, l);
    for (auto const& c : r.savings) {
        body += fmt::format("<tr class=\"first\"><td colspan=\"6\">{} <b>{}</b>: {} … {}; {}: {} / {}</td></tr>\n",
                            label("baseline", l), escaped(c.base.id), escaped(c.base.first), escaped(c.base.last),
                            label(c.base.length == savings::step::month ? "months_counted" : "days_counted", l),
                            c.figures.periods.size(), c.expected);
        if (!c.refusals.empty())
            body += refused(c, l);
        else
            for (auto const& f : c.all())
                body += claimed(c, f, l);
        for (auto const& caution : c.cautions)
            body += fmt::format("<tr><td colspan=\"6\" class=\"note\">{}</td></tr>\n", escaped(caution));
    }
    return section("savings", body + fmt::format("</table>\n<p class=\"note\">{}</p>\n", label("savings_note", l)), l);
}

} // namespace kilnwatt::report
