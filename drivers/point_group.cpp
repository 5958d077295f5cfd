#include "drivers/point_group.hpp"

#include "drivers/decode.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace kilnwatt::drivers {
namespace {

constexpr std::int64_t exponent_max = 10;

/// The smallest step of a point's value; 0 where it is not known.
double resolution_of(point const& p)
{
    return is_real(p.type) || !p.exponent.empty() ? 0.0 : std::abs(p.scale);
}

bool is_good(cell const& c)
{
    return c.present && c.q == quality::good;
}

} // namespace

point_group::point_group(std::vector<point> points, layout_ptr layout, companion_values const& companions)
    : points_{std::move(points)}, layout_{std::move(layout)}
{
    for (std::size_t i = 0; i < points_.size(); ++i) {
        auto const& p = points_[i];
        numbers_.push_back(plain_number_of(p));
        if (layout_->columns[i].exponent_column >= 0)
            scaled_.push_back(i);
        if (p.limits.any())
            limited_.push_back({i});
        if (p.stuck)
            may_stick_.push_back({i});
        if (companions.contains(p.name))
            companions_.push_back(i);
        if (p.name == "serial_number" || p.name == "firmware")
            identity_.push_back(i);
    }
}

layout_ptr point_group::make_layout(std::string const& device, profile const& what, std::span<point const> points)
{
    if (points.empty())
        return nullptr;
    kilnwatt::layout l{.device = device, .kind = stream::readings, .source = what.id};
    for (auto const& p : points) {
        auto c = column_of(p);
        auto const e = std::find_if(points.begin(), points.end(), [&](point const& q) { return q.name == p.exponent; });
        if (!p.exponent.empty() && e != points.end())
            c.exponent_column = static_cast<int>(e - points.begin());
        l.columns.push_back(std::move(c));
    }
    return std::make_shared<kilnwatt::layout const>(std::move(l));
}

row point_group::blank() const
{
    return {.layout = layout_, .cells = std::vector<cell>(points_.size(), absent(quality::not_read))};
}

void point_group::judge(row& r, companion_values& companions, std::vector<stuck_change>& changes)
{
    apply_exponents(r);
    apply_limits(r);
    for (auto const i : companions_)
        companions.find(points_[i].name)->second =
            r.cells[i].present ? std::optional{scaled_number(r, i)} : std::nullopt;
    find_stuck(r, companions, changes);
}

void point_group::apply_exponents(row& r) const
{
    for (auto const i : scaled_) {
        auto& c = r.cells[i];
        if (!c.present)
            continue;
        auto const& e = r.cells[static_cast<std::size_t>(layout_->columns[i].exponent_column)];
        auto const exponent = static_cast<std::int64_t>(e.bits);
        if (!e.present)
            c = absent(e.q);
        else if (exponent < -exponent_max || exponent > exponent_max)
            c = absent(quality::out_of_range);
    }
}

void point_group::apply_limits(row& r)
{
    for (auto& [i, watch] : limited_) {
        auto& c = r.cells[i];
        if (!is_good(c))
            continue;
        auto const q = watch.judge(points_[i].limits, scaled_number(r, i), r.time.mono);
        if (severity_of(q) == severity::bad)
            c = absent(q);
        else
            c.q = q;
    }
}

/// A companion may be read in another class: its last value counts.
void point_group::find_stuck(row& r, companion_values const& companions, std::vector<stuck_change>& changes)
{
    for (auto& [i, watch] : may_stick_) {
        auto const& p = points_[i];
        auto& c = r.cells[i];
        if (!is_good(c))
            continue;
        auto const was = watch.is_stuck();
        auto const is = watch.judge(*p.stuck, resolution_of(p), scaled_number(r, i),
                                    companions.find(p.stuck->companion)->second, r.time.mono);
        if (is)
            c.q = quality::stuck;
        if (is != was)
            changes.push_back({p.name, p.stuck->companion, is});
    }
}

} // namespace kilnwatt::drivers
