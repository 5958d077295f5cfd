#include "core/point_names.hpp"
#include "drivers/point_write.hpp"
#include "drivers/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace kilnwatt::drivers {
namespace {

constexpr double factor_max = 1e6;

std::vector<point>::const_iterator find(std::vector<point> const& points, std::string_view name)
{
    return std::find_if(points.begin(), points.end(), [&](point const& p) { return p.name == name; });
}

double ratio_of(std::string_view unit, instance_changes const& c)
{
    if (unit == "A")
        return c.current_ratio;
    if (unit == "V")
        return c.voltage_ratio;
    for (auto const power : {"W", "var", "VA", "Wh", "varh", "VAh"})
        if (unit == power)
            return c.current_ratio * c.voltage_ratio;
    return 1.0;
}

/// Limits are those of what the profile reads: they grow and turn with the value.
void multiply(point& p, double factor)
{
    p.scale *= factor;
    p.offset *= factor;
    auto& l = p.limits;
    for (auto* const limit : {&l.physical_min, &l.physical_max, &l.engineering_min, &l.engineering_max})
        if (*limit)
            **limit *= factor;
    if (l.max_rate)
        *l.max_rate *= std::abs(factor);
    if (factor < 0.0) {
        std::swap(l.physical_min, l.physical_max);
        std::swap(l.engineering_min, l.engineering_max);
    }
}

point_change read_change(config::table& t)
{
    point_change c;
    t.require("point", "the name of a point of the profile");
    c.point = t.text("point").value_or("");
    c.name = t.text("name").value_or("");
    if (t.has("name") && !point_meaning_of(c.name) && !is_vendor_name(c.name)) {
        auto const near = similar_point_names(c.name);
        t.complain("name", fmt::format("'{}' is no point name", c.name),
                   near.empty() ? "use a name of the vocabulary, or vendor.<lower_case>"
                                : fmt::format("did you mean '{}'?", near.front()));
        c.name.clear();
    }
    c.factor = t.number("factor", -factor_max, factor_max).value_or(1.0);
    if (c.factor == 0.0)
        t.complain("factor", "a factor of 0 makes every value 0", "off = true switches a point off");
    if (t.boolean("invert").value_or(false))
        c.factor = -c.factor;
    if (auto const poll = t.choice("poll", {poll_class_names.begin(), poll_class_names.end()}))
        c.poll = static_cast<poll_class>(std::find(poll_class_names.begin(), poll_class_names.end(), *poll) -
                                         poll_class_names.begin());
    c.stuck = read_stuck(t, false);
    c.off = t.boolean("off").value_or(false);
    c.writable = read_writable(t);
    t.refuse_unknown();
    return c;
}

/// What only the profile can tell about a change.
void check_change(config::table& t, point_change const& c, profile const& what)
{
    if (what.sunspec && c.writable)
        t.complain("writable", "a point of a SunSpec model is never written", "leave it out");
    if (what.sunspec || c.point.empty())
        return;
    auto const p = find(what.points, c.point);
    if (p == what.points.end()) {
        std::vector<std::string> near = similar_point_names(c.point);
        auto const known = std::find_if(
            near.begin(), near.end(), [&](std::string const& n) { return find(what.points, n) != what.points.end(); });
        t.complain("point", fmt::format("'{}' is no point of profile '{}'", c.point, what.id),
                   known != near.end() ? fmt::format("did you mean '{}'?", *known)
                                       : fmt::format("`kilnwatt profile show {}` lists them", what.id));
        return;
    }
    if (c.factor != 1.0 && (is_text(p->type) || !p->states.empty()))
        t.complain(t.has("factor") ? "factor" : "invert", fmt::format("{} is no number", c.point));
    if (c.stuck && find(what.points, c.stuck->companion) == what.points.end())
        t.complain("stuck", fmt::format("'{}' is no point of profile '{}'", c.stuck->companion, what.id),
                   "name the point that says when this one must move");
    if (auto const why = why_never_written(*p); c.writable && !why.empty())
        t.complain("writable", fmt::format("{} cannot be opened: {}", c.point, why), "leave it out");
    auto const meaning = point_meaning_of(c.name);
    if (meaning && meaning->unit != p->unit)
        t.complain("name",
                   fmt::format("{} is measured in '{}', and {} comes in '{}'", c.name, meaning->unit, c.point, p->unit),
                   "choose a name with the same unit, or vendor.<lower_case>");
}

void refuse_names_taken(config::table& device, std::vector<point> const& points)
{
    std::set<std::string_view> taken;
    for (auto const& p : points)
        if (!taken.insert(p.name).second)
            device.complain(device.has("add_points") ? "add_points" : "override",
                            fmt::format("two points are called '{}'", p.name),
                            "name one of them vendor.<lower_case>, or switch one off");
}

} // namespace

void read_changes(config::table& device, profile& what)
{
    auto& changes = what.changes;
    std::set<std::string> seen;
    for (auto& t : device.children("override")) {
        auto c = read_change(t);
        check_change(t, c, what);
        if (!seen.insert(c.point).second)
            t.complain("point", fmt::format("'{}' is overridden twice", c.point), "join the two");
        changes.points.push_back(std::move(c));
    }
    if (changes.part != 0 && !what.sunspec)
        device.complain("part", fmt::format("chooses a part of a SunSpec chain, and profile '{}' has none", what.id),
                        "leave it out");
    if (device.has("add_points"))
        changes.added = read_points(device, "add_points");
    auto const opens = [](point const& p) { return p.writable.has_value(); };
    if (what.sunspec && std::any_of(changes.added.begin(), changes.added.end(), opens))
        device.complain("add_points", "opens a point of a SunSpec device, which is never written",
                        "leave writable out");
    if (what.sunspec)
        return;
    what.points = changed(std::move(what.points), changes);
    refuse_names_taken(device, what.points);
    if (what.points.empty())
        device.complain("override", "switches every point off");
}

std::vector<point> changed(std::vector<point> points, instance_changes const& changes)
{
    std::set<std::string> exponents;
    std::set<std::string> off;
    for (auto const& c : changes.points)
        if (c.off)
            off.insert(c.point);
    for (auto const& p : points)
        if (!off.contains(p.name))
            exponents.insert(p.exponent);
    std::erase_if(points, [&](point const& p) { return off.contains(p.name) && !exponents.contains(p.name); });
    for (auto& p : points)
        if (!exponents.contains(p.name))
            multiply(p, ratio_of(p.unit, changes));
    for (auto const& c : changes.points)
        for (auto& p : points) {
            if (p.exponent == c.point && !c.name.empty())
                p.exponent = c.name;
            if (p.stuck && p.stuck->companion == c.point && !c.name.empty())
                p.stuck->companion = c.name;
            if (p.name != c.point)
                continue;
            multiply(p, c.factor);
            p.poll = c.poll.value_or(p.poll);
            if (c.stuck)
                p.stuck = c.stuck;
            p.writable = c.writable;
        }
    for (auto const& c : changes.points)
        if (auto const p = find(points, c.point); p != points.end() && !c.name.empty())
            points[static_cast<std::size_t>(p - points.begin())].name = c.name;
    points.insert(points.end(), changes.added.begin(), changes.added.end());
    return points;
}

} // namespace kilnwatt::drivers
