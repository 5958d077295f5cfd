#include "agent/energy/derived_gauge.hpp"

#include "agent/energy/aggregate_quality.hpp"
#include "agent/energy/electrical_metrics.hpp"
#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/point_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

namespace kilnwatt::energy {
namespace {

using kind = derived_plan::kind;

constexpr double least_voltage = 0.10; ///< of the rated one: below it there is no supply
constexpr double least_current = 0.05; ///< of the rated one: below it the motor stands
constexpr double usual_voltage = 400;  ///< V
constexpr double usual_yield = 0.80;   ///< power factor times efficiency at rated load
constexpr double running_speed = 0.01; ///< of the rated speed
constexpr double running_power = 0.05; ///< of the rated power
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

using words = std::initializer_list<std::string_view>;

/// The states of a column as 1 and 0; those of neither list say nothing.
std::vector<std::pair<std::int64_t, double>> as_numbers(column const& c, words ones, words zeros)
{
    std::vector<std::pair<std::int64_t, double>> numbers;
    auto const is_in = [](words list, std::string const& word) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    for (auto const& [number, word] : c.states)
        if (is_in(ones, word) || is_in(zeros, word))
            numbers.emplace_back(number, is_in(ones, word) ? 1 : 0);
    return numbers;
}

struct finder {
    layout const& l;
    std::vector<derived_plan> found;

    bool has(std::string_view name) const { return column_named(l, name).has_value(); }

    /// Adds a plan when all its columns are there and the device does not say the quantity itself.
    bool add(derived_plan p, std::initializer_list<std::string_view> columns)
    {
        p.inputs = static_cast<std::uint32_t>(columns.size());
        for (std::size_t i = 0; auto const name : columns) {
            auto const c = column_named(l, name);
            if (!c || has(p.point))
                return false;
            p.columns[i++] = *c;
        }
        found.push_back(std::move(p));
        return true;
    }

    bool add_state(std::string_view point, words ones, words zeros)
    {
        auto const c = column_named(l, "state");
        if (!c)
            return false;
        derived_plan p{.what = kind::state, .states = as_numbers(l.columns[*c], ones, zeros), .point = point};
        return !p.states.empty() && add(std::move(p), {"state"});
    }
};

void add_powers(finder& f, device_model const& m)
{
    if (m.what == role::motor) {
        derived_plan shaft{.what = kind::shaft_power, .point = "shaft_power", .unit = "W"};
        if (!f.add(shaft, {"torque", "speed"}) && m.motor && m.motor->rated_w > 0 && m.motor->rated_speed > 0) {
            shaft.factor = torque_per_percent(m.motor->rated_w, m.motor->rated_speed);
            f.add(shaft, {"torque_percent", "speed"});
        }
    }
    if (m.what == role::transformer)
        f.add({.what = kind::apparent_power, .point = "apparent_power", .unit = "VA"},
              {"active_power", "reactive_power"});
}

void add_unbalance(finder& f, device_model const& m, motor_plate const* feeds)
{
    auto const volts = feeds != nullptr && feeds->rated_voltage > 0 ? feeds->rated_voltage : usual_voltage;
    auto const from_lines = [&](kind lines, kind phases, std::string_view point) {
        derived_plan p{.what = lines, .least = least_voltage * volts, .point = point, .unit = "%"};
        if (f.add(p, {"voltage_l1_l2", "voltage_l2_l3", "voltage_l3_l1"}))
            return;
        p.what = phases;
        f.add(p, {"voltage_l1", "voltage_l2", "voltage_l3"});
    };
    if (m.what == role::grid)
        from_lines(kind::negative_sequence, kind::phase_sequence, "voltage_negative_sequence");
    if (feeds == nullptr)
        return;
    from_lines(kind::unbalance, kind::phase_unbalance, "voltage_unbalance");
    auto const amperes =
        feeds->rated_current > 0 ? feeds->rated_current : feeds->rated_w / (std::numbers::sqrt3 * volts * usual_yield);
    f.add({.what = kind::unbalance, .least = least_current * amperes, .point = "current_unbalance", .unit = "%"},
          {"current_l1", "current_l2", "current_l3"});
}

/// How inverters say that they hold back, beside their state: SunSpec 701 and GoodWe by a number that is not 0, SunSpec
/// 123 and 704 by a limit of the power that is switched on.
void add_limits(finder& f)
{
    for (auto const* point : {"vendor.throtpct", "vendor.derating_mode"})
        if (f.add({.what = kind::above, .point = "derated"}, {point}))
            break;
    for (auto const& [limit, on] : {std::pair{"vendor.m704_wmaxlimpct", "vendor.m704_wmaxlimpctena"},
                                    {"vendor.m123_wmaxlimpct", "vendor.m123_wmaxlim_ena"}})
        if (f.add({.what = kind::enabled_limit, .point = "power_limit_percent", .unit = "%"}, {limit, on}))
            break;
}

void add_states(finder& f, device_model const& m)
{
    if (m.what == role::pv) {
        add_limits(f);
        if (!f.add_state("available", {"starting", "running", "throttled", "shutting_down", "warning"},
                         {"off", "sleeping", "standby", "fault"}) &&
            !f.has("state"))
            f.add({.what = kind::above, .point = "available"}, {"active_power"});
        f.add_state("throttled", {"throttled"},
                    {"starting", "running", "shutting_down", "warning", "off", "sleeping", "standby", "fault"});
    }
    if (m.what == role::kiln && f.add({.what = kind::soaking, .point = "soaking"}, {"setpoint_temperature"}))
        f.add({.what = kind::conforming, .least = m.conformity_band, .point = "conforming"},
              {"process_temperature", "setpoint_temperature"});
    if (m.what != role::motor ||
        f.add_state("running", {"running", "running_reverse"},
                    {"off", "stopped", "standby", "starting", "shutting_down", "fault", "sleeping"}))
        return;
    auto const rpm = m.motor && m.motor->rated_speed > 0 ? m.motor->rated_speed : 100.0;
    if (f.add({.what = kind::above, .least = running_speed * rpm, .point = "running"}, {"speed"}) ||
        f.add({.what = kind::above, .least = 0.5, .point = "running"}, {"output_frequency"}) || !m.motor)
        return;
    f.add({.what = kind::above, .least = running_power * m.motor->rated_w, .point = "running"}, {"active_power"});
}

double line_voltage(double a, double b)
{
    return std::sqrt(a * a + b * b + a * b);
}

double computed(derived_plan const& p, std::array<double, 3> const& x)
{
    auto const [a, b, c] = x;
    switch (p.what) {
    case kind::shaft_power:
        return shaft_power(p.factor * a, b);
    case kind::apparent_power:
        return std::hypot(a, b);
    case kind::unbalance:
        return nema_unbalance(a, b, c);
    case kind::negative_sequence:
        return negative_sequence_factor(a, b, c);
    case kind::phase_unbalance:
        return nema_unbalance(line_voltage(a, b), line_voltage(b, c), line_voltage(c, a));
    case kind::phase_sequence:
        return negative_sequence_factor(line_voltage(a, b), line_voltage(b, c), line_voltage(c, a));
    case kind::state: {
        auto const s = std::find_if(p.states.begin(), p.states.end(),
                                    [&](auto const& known) { return static_cast<double>(known.first) == a; });
        return s == p.states.end() ? no_number : s->second;
    }
    case kind::above:
        return a > p.least ? 1 : 0;
    case kind::enabled_limit:
        return b == 1 ? a : 100;
    case kind::soaking:
        return a;
    case kind::conforming:
        return std::abs(a - b) <= p.least ? 1 : 0;
    }
    return no_number;
}

bool says_nothing_below_least(kind k)
{
    return k == kind::unbalance || k == kind::negative_sequence || k == kind::phase_unbalance ||
           k == kind::phase_sequence;
}

} // namespace

std::vector<derived_plan> derived_gauges(layout const& l, device_model const& m, motor_plate const* feeds)
{
    finder f{l, {}};
    add_powers(f, m);
    add_unbalance(f, m, feeds);
    add_states(f, m);
    return std::move(f.found);
}

derived_value value_of(derived_plan const& p, row const& r)
{
    std::array<double, 3> x{};
    derived_value v{no_number, quality::good};
    for (std::size_t i = 0; i < p.inputs; ++i) {
        auto const& c = r.cells[p.columns[i]];
        v.q = combined(v.q, c.q);
        auto const read = c.present && severity_of(c.q) != severity::bad;
        x[i] = !read                   ? no_number
               : p.what == kind::state ? static_cast<double>(static_cast<std::int64_t>(c.bits))
                                       : scaled_number(r, p.columns[i]);
    }
    if (std::any_of(x.begin(), x.begin() + p.inputs, [](double a) { return std::isnan(a); })) {
        v.q = severity_of(v.q) == severity::bad ? v.q : quality::not_supported;
        return v;
    }
    v.idle = says_nothing_below_least(p.what) && (x[0] + x[1] + x[2]) / 3 < p.least;
    v.value = v.idle ? no_number : computed(p, x);
    return v;
}

} // namespace kilnwatt::energy
