#include "drivers/point_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kilnwatt::drivers {
namespace {

void refuse_repeated_names(std::vector<point> const& points, std::vector<config::table>& tables)
{
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].name.empty())
            continue;
        auto const [known, is_new] = first.emplace(points[i].name, i);
        if (!is_new)
            tables[i].complain("name", fmt::format("'{}' is given twice", points[i].name),
                               fmt::format("the first one is in line {}", tables[known->second].where("name").line));
    }
}

/// Resolves exponents: a leading '-' says that the register counts decimals.
void link_exponents(std::vector<point>& points, std::vector<config::table>& tables)
{
    std::vector<int> sign(points.size(), 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto& p = points[i];
        if (p.exponent.empty())
            continue;
        auto const wanted = p.exponent.front() == '-' ? -1 : 1;
        if (wanted < 0)
            p.exponent.erase(0, 1);
        auto const target =
            std::find_if(points.begin(), points.end(), [&](point const& q) { return q.name == p.exponent; });
        auto const at = static_cast<std::size_t>(target - points.begin());
        if (target == points.end())
            tables[i].complain("exponent", fmt::format("there is no point '{}'", p.exponent),
                               "name a point of this list that holds the decimal exponent");
        else if (!is_whole(target->type) || !target->exponent.empty() || target->table != p.table)
            tables[i].complain("exponent", fmt::format("'{}' cannot be an exponent", p.exponent),
                               "it must be a whole number of the same table without an exponent of its own");
        else if (sign[at] != 0 && sign[at] != wanted)
            tables[i].complain("exponent", fmt::format("'{}' is used with and without '-'", p.exponent));
        else {
            sign[at] = wanted;
            target->negated = wanted < 0;
        }
    }
}

/// Companions are points of the same list.
void check_companions(std::vector<point> const& points, std::vector<config::table>& tables)
{
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto const& rule = points[i].stuck;
        auto const is_companion = [&](point const& p) { return p.name == rule->companion && p.name != points[i].name; };
        if (rule && !rule->companion.empty() && std::none_of(points.begin(), points.end(), is_companion))
            tables[i].complain("stuck", fmt::format("there is no other point '{}'", rule->companion),
                               "name a point of this list that says when the value must move");
    }
}

} // namespace

bool is_whole(point_type t) noexcept
{
    return !is_text(t) && t != point_type::f16 && t != point_type::f32 && t != point_type::f64;
}

void check_point_list(std::vector<point>& points, std::vector<config::table>& tables)
{
    refuse_repeated_names(points, tables);
    link_exponents(points, tables);
    check_companions(points, tables);
}

} // namespace kilnwatt::drivers
