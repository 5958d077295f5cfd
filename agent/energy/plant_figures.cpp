#include "agent/energy/plant_figures.hpp"

#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/transformer_metrics.hpp"

namespace kilnwatt::energy {

quantity pv_energy(plant_view const& v, std::size_t i)
{
    return v.amount(i, {"active_energy", "active_energy_export", "active_energy_import"}, kilo);
}

quantity consumed_energy(plant_view const& v, std::size_t i)
{
    return v.amount(i, {"active_energy_import", "active_energy"}, kilo);
}

product product_of(plant_view const& v, std::string_view counter)
{
    constexpr std::string_view mass = "production_mass";
    constexpr double floor = 0.01; // of the rated output
    product p;
    for (auto const i : v.with_role(role::production)) {
        auto const& named = v.device(i).product;
        auto const by_mass = named.empty() && !v.measures(i, {"production_area", "production_count"});
        auto const expected = named == counter || (by_mass && counter == mass); // also before it is first heard of
        if (!expected && !v.measures(i, {counter}))
            continue;
        p.amount = p.amount + v.amount(i, {counter}, 1);
        if (counter == mass)
            p.floor.rate += floor * v.device(i).rated_mass_flow * v.device(i).share;
    }
    return p;
}

quantity transformer_losses(plant_view const& v)
{
    return sum_over(v.with_role(role::transformer), [&](std::size_t i) {
        if (!v.device(i).transformer)
            return quantity{};
        auto const s = v.level(i, "apparent_power");
        return derived(kilo * transformer_loss(*v.device(i).transformer, s.value), {&s, 1}, method::model);
    });
}

energy_flows flows(plant_view const& v)
{
    auto const battery = v.with_role(role::battery);
    auto const grid = v.with_role(role::grid);
    auto const counter = [&](std::string_view name) {
        return [&v, name](std::size_t i) { return v.amount(i, {name}, kilo); };
    };
    energy_flows f;
    f.pv = sum_over(v.with_role(role::pv), [&](std::size_t i) { return pv_energy(v, i); });
    f.imported = sum_over(grid, counter("active_energy_import"));
    for (auto const i : grid)
        if (v.measures(i, {"active_energy_export"})) // many supplies are metered one way only
            f.exported = f.exported + v.amount(i, {"active_energy_export"}, kilo);
    f.discharged = sum_over(battery, counter("discharge_energy"));
    f.charged = sum_over(battery, counter("charge_energy"));
    f.recovered = sum_over(generators(v), [&](std::size_t i) {
        return v.amount(i, {"active_energy", "active_energy_export"}, kilo);
    });
    f.lost = over_a_minute(transformer_losses(v));
    return f;
}

std::vector<std::size_t> generators(plant_view const& v)
{
    auto found = v.with_role(role::waste_heat);
    std::erase_if(found, [&](std::size_t i) { return !v.measures(i, {"active_energy", "active_energy_export"}); });
    return found;
}

quantity metered_load(plant_view const& v)
{
    return sum_over(v.metered_consumers(), [&](std::size_t i) { return consumed_energy(v, i); });
}

quantity site_load(plant_view const& v, energy_flows const& e)
{
    auto loads = metered_load(v);
    auto const all_metered = v.model->all_loads_metered && loads.exists();
    return e.imported.exists() && !all_metered ? e.load_by_balance() : loads;
}

void add_point(std::vector<figure>& f, plant_view const& v, std::string const& name)
{
    auto const p = point_named(*v.model, name);
    if (!p)
        return;
    auto const unit = std::string{p->unit.name};
    if (p->counter && v.measures(p->device, {p->point}))
        f.push_back(total(name, unit, v.amount(p->device, {p->point}, p->unit.factor)));
    else if (!p->counter && v.windows[p->device]->find_gauge(p->point) != nullptr)
        f.push_back(mean(name, unit, v.level(p->device, p->point, p->unit.factor)));
}

std::vector<figure> plant_figures(plant_view const& v)
{
    figures f;
    add_pv(f, v);
    add_pv_states(f, v);
    add_electricity(f, v);
    add_heat(f, v);
    add_boilers(f, v);
    add_kilns(f, v);
    add_motors(f, v);
    add_machines(f, v);
    add_cost(f, v);
    add_intensity(f, v);
    return f;
}

} // namespace kilnwatt::energy
