#include "agent/energy/plant_figures.hpp"
#include "agent/energy/transformer_metrics.hpp"

#include <algorithm>
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
    auto const complete = std::all_of(rated.begin(), rated.end(), [&](std::size_t i) {
        auto const& plate = *v.device(i).transformer;
        return plate.no_load_current > 0 && plate.short_circuit_voltage > 0;
    });
    if (complete)
        f.push_back(mean("trf.loss_z", "kW", sum_over(rated, [&](std::size_t i) {
                             auto const load = v.level(i, "apparent_power");
                             auto const lost = comprehensive_loss(*v.device(i).transformer, load.value);
                             return derived(kilo * lost, {&load, 1}, method::model);
                         })));
    f.push_back(from(quarter, total("trf.e_loss", "kWh", over_a_minute(loss))));
    auto output = sum_over(rated, [&](std::size_t i) { return v.level(i, "active_power", kilo); });
    output.value = std::abs(output.value);
    f.push_back(
        ratio("trf.eta", "%", over_a_minute(output), over_a_minute(output + loss), {percent, {}, 0, efficiency_range}));
}

constexpr double throughput_floor = 0.01; ///< of the rated one

/// Energy of loads that also count what they move: compressors and pumps a volume, mills a mass.
struct specific_energy {
    std::string_view counter;
    std::string_view leaf;
    char const* unit;
    double factor; ///< to m3 and t
    double device_model::*rated;
};
constexpr specific_energy kinds[]{{"volume", "sec", "kWh/m3", 1, &device_model::rated_flow},
                                  {"mass", "sec_mass", "kWh/t", 1e-3, &device_model::rated_mass_flow}};

void add_specific(figures& f, plant_view const& v, specific_energy const& k, std::vector<std::size_t> const& loads,
                  std::string name)
{
    quantity energy;
    quantity moved;
    auto rated = 0.0;
    for (auto const i : loads) {
        if (!v.measures(i, {k.counter}))
            continue;
        energy = energy + consumed_energy(v, i);
        moved = moved + v.amount(i, {k.counter}, k.factor);
        rated += v.device(i).*k.rated * v.device(i).share;
    }
    if (moved.exists())
        f.push_back(ratio(std::move(name), k.unit, energy, moved, {1, {0, 0, 0, throughput_floor * rated}, quarter}));
}

void add_loads(figures& f, plant_view const& v)
{
    auto const loads = v.with_role(role::load);
    for (auto const& k : kinds)
        add_specific(f, v, k, loads, "mach." + std::string{k.leaf});
    for (auto const i : loads) {
        f.push_back(mean(v.metric(i, "p"), "kW", v.mean(i, {"active_power"}, kilo)));
        f.push_back(total(v.metric(i, "e"), "kWh", consumed_energy(v, i)));
        for (auto const& k : kinds)
            add_specific(f, v, k, {i}, v.metric(i, k.leaf));
    }
}

} // namespace

void add_machines(figures& f, plant_view const& v)
{
    add_transformers(f, v);
    add_loads(f, v);
}

} // namespace kilnwatt::energy
