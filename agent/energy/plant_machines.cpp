#include "agent/energy/plant_figures.hpp"

#include <cmath>

namespace kilnwatt::energy {
namespace {

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
    add_transformers(f, v);
    add_loads(f, v);
}

} // namespace kilnwatt::energy
