#include "config/defect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace kilnwatt::config {

std::string to_string(place const& p)
{
    return p.line > 0 ? fmt::format("{}:{}:{}", p.file, p.line, p.column) : p.file;
}

std::string to_string(defect const& d)
{
    std::string line;
    for (auto const& part : {to_string(d.at), d.key, d.message, d.remedy})
        if (!part.empty())
            line += (line.empty() ? "" : ": ") + part;
    return line;
}

void sort_by_place(defects& found)
{
    auto const by_place = [](defect const& a, defect const& b) {
        return std::tie(a.at.file, a.at.line, a.at.column) < std::tie(b.at.file, b.at.line, b.at.column);
    };
    std::stable_sort(found.begin(), found.end(), by_place);
}

void note(defects& found, defect d)
{
    if (found.size() < defects_max)
        found.push_back(std::move(d));
    else if (found.size() == defects_max)
        found.push_back({{d.at.file, 0, 0},
                         "",
                         fmt::format("has more than {} mistakes", defects_max),
                         "the rest is not listed, mend these first"});
}

} // namespace kilnwatt::config
