#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/plant_figures.hpp"

#include <limits>
#include <optional>

namespace kilnwatt::energy {
namespace {

constexpr double input_margin = 1.3;                                   ///< of the rated input
constexpr figure_range load_range{0, 150, quality::engineering_range}; ///< %

/// What a motor's figures are made of, mean kW of the minute.
struct motor_sums {
    quantity input; ///< electrical, behind the drive
    quantity shaft; ///< of the motors whose torque is known
    quantity load;  ///< the same; of the others from the input and the nominal efficiency of their class
    quantity useful_input; ///< the same two while the motor is loaded enough for an efficiency
    quantity useful_shaft;
    double rated_kw = 0; ///< of the motors with a load
    double most_kw = 0;  ///< that the inputs can be; infinite where a motor's efficiency is unknown

    motor_sums& operator+=(motor_sums const& b)
    {
        input = input + b.input;
        shaft = shaft + b.shaft;
        load = load + b.load;
        useful_input = useful_input + b.useful_input;
        useful_shaft = useful_shaft + b.useful_shaft;
        rated_kw += b.rated_kw;
        most_kw += b.most_kw;
        return *this;
    }
};

motor_sums sums_of(plant_view const& v, std::size_t i)
{
    motor_sums s;
    auto const& plate = v.device(i).motor;
    auto const rated_kw = plate ? plate->rated_w * kilo * v.device(i).share : 0;
    auto const nominal = plate ? nominal_efficiency(plate->rated_w, plate->efficiency_class) : 0;
    s.input = v.mean(i, {"output_power", "active_power"}, kilo);
    s.most_kw = nominal > 0 ? input_margin * rated_kw / nominal : std::numeric_limits<double>::infinity();
    if (v.windows[i]->find_gauge("shaft_power") == nullptr) {
        if (nominal == 0)
            return s;
        s.load = derived(s.input.value * nominal, {&s.input, 1}, method::model);
        s.rated_kw = rated_kw;
        return s;
    }
    s.shaft = v.mean(i, {"shaft_power"}, kilo);
    s.load = s.shaft;
    s.rated_kw = rated_kw;
    auto const loaded = s.shaft.value > 0 && s.shaft.value >= motor_load_floor * rated_kw;
    s.useful_input = s.input * (loaded ? 1 : 0);
    s.useful_shaft = s.shaft * (loaded ? 1 : 0);
    return s;
}

struct motor_names {
    std::string p_in, p_shaft, eta, lf;
};

void add_motor(figures& f, motor_sums const& s, motor_names const& n)
{
    f.push_back(within({-s.most_kw, s.most_kw, quality::engineering_range}, mean(n.p_in, "kW", s.input)));
    if (s.shaft.exists()) {
        f.push_back(mean(n.p_shaft, "kW", s.shaft));
        f.push_back(ratio(n.eta, "%", over_a_minute(s.useful_shaft), over_a_minute(s.useful_input),
                          {percent, {}, 0, efficiency_range}));
    }
    if (s.rated_kw > 0)
        f.push_back(
            ratio(n.lf, "%", over_a_minute(s.load), over_a_minute(constant(s.rated_kw)), {percent, {}, 0, load_range}));
}

void add_powers(figures& f, plant_view const& v, std::vector<std::size_t> const& motors)
{
    motor_sums all;
    for (auto const i : motors)
        all += sums_of(v, i);
    add_motor(f, all, {"motor.p_in", "motor.p_shaft", "motor.eta", "motor.lf"});
    for (auto const i : motors)
        add_motor(f, sums_of(v, i),
                  {v.metric(i, "p_in"), v.metric(i, "p_shaft"), v.metric(i, "eta"), v.metric(i, "lf")});
}

/// Drives that measure both what they take and what they give to the motor.
void add_drives(figures& f, plant_view const& v)
{
    quantity in;
    quantity out;
    auto rated_kw = 0.0;
    for (auto const i : v.with_role(role::motor)) {
        auto const* taken = v.windows[i]->find_gauge("active_power");
        auto const* given = v.windows[i]->find_gauge("output_power");
        if (taken == nullptr || given == nullptr || taken->covered == 0)
            continue;
        in = in + v.mean(i, {"active_power"}, kilo);
        out = out + v.mean(i, {"output_power"}, kilo);
        rated_kw += v.device(i).motor ? v.device(i).motor->rated_w * kilo * v.device(i).share : 0;
    }
    if (!in.exists())
        return;
    f.push_back(mean("drive.loss", "kW", in - out));
    f.push_back(ratio("drive.eta", "%", over_a_minute(out), over_a_minute(in),
                      {percent, power_floor(drive_load_floor * rated_kw), 0, efficiency_range}));
}

/// Hours of running, and how often a motor was started; plant-wide the sums over all motors.
void add_running(figures& f, plant_view const& v, std::vector<std::size_t> const& motors, std::string hours,
                 std::string starts)
{
    quantity time;
    quantity begun;
    auto unseen = false;
    for (auto const i : motors) {
        auto const* g = v.windows[i]->find_gauge("running");
        if (g == nullptr)
            continue;
        auto const share = v.level(i, "running");
        auto rises = share;
        rises.value = g->rises;
        time = time + over_a_minute(share);
        begun = begun + rises;
        unseen = unseen || g->unseen_rises > 0;
    }
    if (!time.exists())
        return;
    f.push_back(total(std::move(hours), "h", time));
    auto count = total(std::move(starts), "", begun);
    f.push_back(unseen ? doubted(quality::inputs_missing, std::move(count)) : std::move(count));
}

/// What measures the supply of a motor: itself, or the nearest meter above it.
std::optional<std::size_t> supply_meter(plant_view const& v, std::size_t motor, std::string_view gauge)
{
    auto const has = [&](std::size_t i) { return v.windows[i]->find_gauge(gauge) != nullptr; };
    if (has(motor))
        return motor;
    for (std::size_t i = 0; i < v.windows.size(); ++i)
        if (v.device(i).name == v.device(motor).meter && has(i))
            return i;
    return std::nullopt;
}

/// Mean over the time in which the motors have a supply and take current; a motor that stands counts for nothing.
void add_unbalance(figures& f, plant_view const& v, std::vector<std::size_t> const& motors, std::string_view gauge,
                   std::string name)
{
    quantity sum;
    quantity hours;
    for (auto const i : motors) {
        auto const meter = supply_meter(v, i, gauge);
        if (!meter)
            continue;
        auto const* g = v.windows[*meter]->find_gauge(gauge);
        auto const stands = g->covered == 0 && g->missing == quality::good;
        auto const mean = stands ? constant(0) : v.level(*meter, gauge);
        auto time = stands ? constant(0) : mean;
        time.value = stands ? 0 : 1;
        sum = sum + over_a_minute(mean);
        hours = hours + over_a_minute(time);
    }
    if (hours.exists())
        f.push_back(ratio(std::move(name), "%", sum, hours, {1, {}, quarter}));
}

void add_states(figures& f, plant_view const& v, std::vector<std::size_t> const& motors)
{
    add_running(f, v, motors, "motor.run_h", "motor.starts");
    add_unbalance(f, v, motors, "voltage_unbalance", "motor.v_unb");
    add_unbalance(f, v, motors, "current_unbalance", "motor.i_unb");
    for (auto const i : motors) {
        add_running(f, v, {i}, v.metric(i, "run_h"), v.metric(i, "starts"));
        add_unbalance(f, v, {i}, "voltage_unbalance", v.metric(i, "v_unb"));
        add_unbalance(f, v, {i}, "current_unbalance", v.metric(i, "i_unb"));
    }
}

} // namespace

void add_motors(figures& f, plant_view const& v)
{
    auto const motors = v.with_role(role::motor);
    if (motors.empty())
        return;
    add_powers(f, v, motors);
    add_states(f, v, motors);
    add_drives(f, v);
}

} // namespace kilnwatt::energy
