#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/plant_figures.hpp"

#include <cmath>

namespace kilnwatt::energy {
namespace {

/// What a motor's figures are made of, mean kW of the minute.
struct motor_sums {
    quantity input; ///< electrical, behind the drive
    quantity shaft;
    quantity useful_input; ///< the same two while the motor is loaded enough for an efficiency
    quantity useful_shaft;
    double rated_kw = 0;

    motor_sums& operator+=(motor_sums const& b)
    {
        input = input + b.input;
        shaft = shaft + b.shaft;
        useful_input = useful_input + b.useful_input;
        useful_shaft = useful_shaft + b.useful_shaft;
        rated_kw += b.rated_kw;
        return *this;
    }
};

motor_sums sums_of(plant_view const& v, std::size_t i)
{
    motor_sums s;
    s.input = v.mean(i, {"output_power", "active_power"}, kilo);
    s.shaft = v.mean(i, {"shaft_power"}, kilo);
    s.rated_kw = v.device(i).motor ? v.device(i).motor->rated_w * kilo * v.device(i).share : 0;
    auto const loaded = s.shaft.value > 0 && s.shaft.value >= motor_load_floor * s.rated_kw;
    s.useful_input = s.input * (loaded ? 1 : 0);
    s.useful_shaft = s.shaft * (loaded ? 1 : 0);
    return s;
}

quantity constant(double value)
{
    quantity q;
    q.value = value;
    q.covered = {minute};
    return q;
}

struct motor_names {
    std::string p_in, p_shaft, eta, lf;
};

void add_motor(figures& f, motor_sums const& s, motor_names const& n)
{
    f.push_back(mean(n.p_in, "kW", s.input));
    f.push_back(mean(n.p_shaft, "kW", s.shaft));
    f.push_back(ratio(n.eta, "%", over_a_minute(s.useful_shaft), over_a_minute(s.useful_input), {percent}));
    if (s.rated_kw > 0)
        f.push_back(ratio(n.lf, "%", over_a_minute(s.shaft), over_a_minute(constant(s.rated_kw)), {percent}));
}

void add_motors(figures& f, plant_view const& v)
{
    auto const motors = v.with_role(role::motor);
    if (motors.empty())
        return;
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
                      {percent, power_floor(drive_load_floor * rated_kw)}));
}

void add_transformers(figures& f, plant_view const& v)
{
    std::vector<std::size_t> rated;
    auto rated_kva = 0.0;
    for (auto const i : v.with_role(role::transformer)) {
        if (!v.device(i).transformer || v.device(i).transformer->rated_va <= 0)
            continue;
        rated.push_back(i);
        rated_kva += v.device(i).transformer->rated_va * kilo;
    }
    if (rated.empty())
        return;
    auto const s = sum_over(rated, [&](std::size_t i) { return v.level(i, "apparent_power", kilo); });
    auto const loss = transformer_losses(v);
    f.push_back(mean("trf.beta", "%", derived(percent * s.value / rated_kva, {&s, 1}, method::model)));
    f.push_back(mean("trf.loss", "kW", loss));
    f.push_back(from(quarter, total("trf.e_loss", "kWh", over_a_minute(loss))));
    auto output = sum_over(rated, [&](std::size_t i) { return v.level(i, "active_power", kilo); });
    output.value = std::abs(output.value);
    f.push_back(ratio("trf.eta", "%", over_a_minute(output), over_a_minute(output + loss), {percent}));
}

/// Loads that also count a volume are compressors (or pumps): specific energy.
void add_loads(figures& f, plant_view const& v)
{
    quantity energy;
    quantity volume;
    for (auto const i : v.with_role(role::load)) {
        if (!v.measures(i, {"volume"}))
            continue;
        energy = energy + consumed_energy(v, i);
        volume = volume + v.amount(i, {"volume"}, 1);
    }
    if (volume.exists())
        f.push_back(ratio("mach.sec", "kWh/m3", energy, volume, {}));
    for (auto const i : v.with_role(role::load)) {
        f.push_back(mean(v.metric(i, "p"), "kW", v.mean(i, {"active_power"}, kilo)));
        f.push_back(total(v.metric(i, "e"), "kWh", consumed_energy(v, i)));
        if (v.measures(i, {"volume"}))
            f.push_back(ratio(v.metric(i, "sec"), "kWh/m3", consumed_energy(v, i), v.amount(i, {"volume"}, 1), {}));
    }
}

} // namespace

void add_machines(figures& f, plant_view const& v)
{
    add_motors(f, v);
    add_drives(f, v);
    add_transformers(f, v);
    add_loads(f, v);
}

} // namespace kilnwatt::energy
