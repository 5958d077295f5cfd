#include "agent/report/page_parts.hpp"

#include "agent/report/html_page.hpp"
#include "agent/report/xml.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {

std::string head(std::initializer_list<heading> all, language l)
{
    std::string out = "<tr>";
    for (auto const& h : all)
        out += fmt::format("<th{}>{}</th>", h.number ? " class=\"n\"" : "", label(h.key, l));
    return out + "</tr>\n";
}

std::string section(std::string_view key, std::string const& body, language l, bool is_long)
{
    return fmt::format("<section{}><h2>{}</h2>\n{}</section>\n", is_long ? " class=\"long\"" : "", label(key, l), body);
}

std::string number(std::optional<double> v)
{
    return fmt::format("<td class=\"n\">{}</td>", v ? readable(*v) : "–");
}

std::string quality_cell(quality q, language l)
{
    auto const s = severity_of(q);
    auto const* css = s == severity::bad ? " class=\"bad\"" : s == severity::uncertain ? " class=\"uncertain\"" : "";
    return fmt::format("<td{}>{}</td>", css, escaped(quality_words(to_string(q), l)));
}

} // namespace kilnwatt::report
