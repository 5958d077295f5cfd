#include "agent/publish/device_catalogue.hpp"

#include <algorithm>

namespace kilnwatt::publish {

bool device_entry::learn(layout const& l)
{
    bool changed = false;
    for (std::size_t i = 0; i < l.columns.size(); ++i) {
        auto const& c = l.columns[i];
        if (is_exponent(l, i))
            continue;
        point_entry entry{c.name, c.unit, c.counter, c.states};
        auto const known = std::find_if(points.begin(), points.end(), [&](auto const& p) { return p.name == c.name; });
        if (known != points.end() && *known == entry)
            continue;
        if (known != points.end())
            *known = std::move(entry);
        else
            points.push_back(std::move(entry));
        changed = true;
    }
    return changed;
}

bool is_exponent(layout const& l, std::size_t column)
{
    return std::any_of(l.columns.begin(), l.columns.end(), [&](auto const& c) {
        return c.exponent_column >= 0 && static_cast<std::size_t>(c.exponent_column) == column;
    });
}

} // namespace kilnwatt::publish
