#include "agent/report/completeness.hpp"

#include <algorithm>
#include <iterator>

namespace kilnwatt::report {
namespace {

constexpr std::string_view keys[]{
    "site.e_load",    "pv.e",          "grid.e_imp",    "grid.e_exp",      "site.autarky",    "pv.self_consumption",
    "pv.pr",          "site.pv_first", "site.re_share", "grid.demand_max", "cost.energy",     "cost.demand",
    "cost.avg_price", "tce.total",     "tce.unit",      "tce.per_m2",      "tce.per_piece",   "co2.total",
    "co2.unit",       "whr.q_rec",     "kiln.sec",      "production.mass", "production.area", "production.count"};

/// Days of a month, months of a year, quarters of an hour of a day.
std::size_t parts_of(span what, energy::time_span const& when)
{
    constexpr std::size_t months = 12;
    if (what == span::year)
        return months;
    auto const one = what == span::month ? 24 * energy::hour : energy::quarter;
    return static_cast<std::size_t>((when.length() + one / 2) / one);
}

} // namespace

completeness completeness_of(span what, stored_period const& whole, std::vector<stored_period> const& parts)
{
    completeness c;
    std::vector<stored_figure> unsure;
    for (auto const& f : whole.figures) {
        if (!f.value) {
            ++c.missing;
            c.doubtful.push_back(f);
        } else if (severity_of(f.q) == severity::uncertain) {
            ++c.uncertain;
            unsure.push_back(f);
        } else {
            ++c.good;
        }
    }
    c.doubtful.insert(c.doubtful.end(), unsure.begin(), unsure.end());
    c.parts = parts.size();
    c.parts_expected = whole.revision < 0 ? 0 : parts_of(what, whole.when);
    return c;
}

std::vector<comparison_line> comparison_of(stored_period const& now, stored_period const& before)
{
    std::vector<comparison_line> all;
    for (auto const name : keys) {
        auto const* a = now.find(name);
        auto const b = before.value(name);
        if (a != nullptr && a->value && b && *b != 0)
            all.push_back({a->name, a->unit, *a->value, *b});
    }
    return all;
}

} // namespace kilnwatt::report
