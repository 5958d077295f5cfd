#include "agent/report/html_page.hpp"

#include "agent/report/page_style.hpp"
#include "agent/report/page_tables.hpp"
#include "agent/report/report_charts.hpp"
#include "agent/report/xml.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kilnwatt::report {
namespace {

constexpr std::string_view at_a_glance[]{
    "site.e_load",     "pv.e",           "grid.e_imp", "site.autarky", "pv.self_consumption", "site.pv_first",
    "grid.demand_max", "cost.energy",    "tce.unit",   "tce.per_m2",   "tce.per_piece",       "co2.total",
    "whr.q_rec",       "production.mass"};
constexpr std::size_t cards_max = 12;

std::string cards(site_report const& r, language l)
{
    std::string out;
    std::size_t n = 0;
    for (auto const name : at_a_glance) {
        auto const* f = r.whole.find(name);
        if (f == nullptr || !f->value || n == cards_max)
            continue;
        ++n;
        auto const when = f->at ? ", " + local_text(*f->at, r.local_time) : "";
        out += fmt::format("<div class=\"card\"><b>{} <small>{}</small></b><span>{}{}</span></div>\n",
                           readable(*f->value), escaped(readable_unit(f->unit)), escaped(meaning_of(name, l)), when);
    }
    return n == 0 ? "" : "<div class=\"cards\">\n" + out + "</div>\n";
}

} // namespace

std::string readable(double v)
{
    auto const size = std::abs(v);
    auto const exact = v == std::round(v); // a count, or nothing at all
    auto text = fmt::format("{:.{}f}", v, exact || size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3);
    auto const whole = std::min(text.find('.'), text.size());
    for (auto at = whole; at > (text.front() == '-' ? 4u : 3u);) {
        at -= 3;
        text.insert(at, "\xE2\x80\xAF"); // narrow no-break space
    }
    return text;
}

std::string readable_unit(std::string unit)
{
    constexpr std::pair<std::string_view, std::string_view> spellings[]{
        {"degC", "°C"}, {"m2", "m²"}, {"m3", "m³"}, {"CO2", "CO₂"}};
    for (auto const& [from, to] : spellings)
        if (auto const at = unit.find(from); at != std::string::npos)
            unit.replace(at, from.size(), to);
    return unit;
}

std::string html_page(site_report const& r, energy::calendar const& c, language l, std::string const& made)
{
    auto const title = fmt::format("{}: {} {}", r.site, label(to_string(r.what), l), r.label);
    auto out = fmt::format("<!DOCTYPE html>\n<html lang=\"{0}\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                           "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n"
                           "<title>{1}</title>\n<style>{2}</style>\n</head>\n<body>\n"
                           "<header><h1>{3}</h1><p>{4} · {5} {6}</p></header>\n",
                           code_of(l), escaped(title), page_style, escaped(r.site), label("title", l),
                           label(to_string(r.what), l), escaped(r.label));
    out += cards(r, l);
    for (auto const& [key, chart] : charts_of(r, c, l))
        out += fmt::format("<section><h2>{}</h2>\n{}</section>\n", label(key, l), svg_of(chart));
    out += carriers_section(r, l);
    out += balance_section(r, l);
    out += tariff_section(r, l);
    out += comparison_section(r, l);
    out += target_section(r, l);
    out += reduction_section(r, l);
    out += savings_section(r, l);
    out += completeness_section(r, l);
    out += figures_section(r, l);
    out += entries_section(r, l);
    out += coefficients_section(r, l);
    out += events_section(r, c, l);
    out += fmt::format("<footer><p>{}</p><p>{}</p></footer>\n</body>\n</html>\n", label("footer", l), escaped(made));
    return out;
}

} // namespace kilnwatt::report
