#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"

namespace kilnwatt::energy {
namespace {

void add_grid(figures& f, plant_view const& v, energy_flows const& e)
{
    auto const meters = v.with_role(role::grid);
    if (meters.empty())
        return;
    f.push_back(
        mean("grid.p", "kW", sum_over(meters, [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); })));
    f.push_back(total("grid.e_imp", "kWh", e.imported));
    f.push_back(total("grid.e_exp", "kWh", e.exported));
}

void add_battery(figures& f, plant_view const& v, energy_flows const& e)
{
    auto const batteries = v.with_role(role::battery);
    if (batteries.empty())
        return;
    f.push_back(
        mean("bat.p", "kW", sum_over(batteries, [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); })));
    auto const charge = sum_over(batteries, [&](std::size_t i) { return v.level(i, "state_of_charge"); });
    f.push_back(mean("bat.soc", "%", charge * (1.0 / static_cast<double>(batteries.size()))));
    f.push_back(total("bat.e_cha", "kWh", e.charged));
    f.push_back(total("bat.e_dis", "kWh", e.discharged));
}

/// PV + grid + battery - transformer loss.
quantity load_power(plant_view const& v)
{
    quantity p;
    for (auto const r : {role::pv, role::grid, role::battery})
        p = p + sum_over(v.with_role(r), [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); });
    return p - transformer_losses(v);
}

void add_shares(figures& f, energy_flows const& e, quantity const& load, quantity const& key)
{
    ratio_terms const self{percent, self_use_floor};
    quantity const all[]{e.pv, load, e.charged, e.discharged};
    auto const used = derived(direct_use(e.pv.value, load.value, e.charged.value), all, method::counter);
    auto const supplied =
        derived(own_supply(e.pv.value, load.value, e.charged.value, e.discharged.value), all, method::counter);
    if (e.pv.exists() && load.exists()) {
        f.push_back(ratio("pv.self_consumption", "%", used, e.pv, self));
        f.push_back(ratio("site.autarky", "%", supplied, load, self));
        f.push_back(ratio("site.re_share", "%", supplied, load, self));
    }
    if (e.pv.exists() && key.exists()) {
        quantity const both[]{e.pv, key};
        auto const first = derived(first_share(e.pv.value, key.value), both, method::counter);
        f.push_back(ratio("site.pv_first", "%", first, key, {percent, key_floor}));
    }
}

} // namespace

void add_electricity(figures& f, plant_view const& v)
{
    auto const e = flows(v);
    add_grid(f, v, e);
    add_battery(f, v, e);
    auto const metered = v.metered_consumers();
    auto const loads = sum_over(metered, [&](std::size_t i) { return consumed_energy(v, i); });
    auto const key = sum_over(v.key_devices(), [&](std::size_t i) { return consumed_energy(v, i); });
    auto load = loads;
    if (e.imported.exists()) {
        load = e.load_by_balance();
        f.push_back(mean("load.p", "kW", load_power(v)));
    }
    if (load.exists())
        f.push_back(total("site.e_load", "kWh", load));
    if (e.imported.exists() && loads.exists()) {
        auto const check = check_balance(e, loads);
        f.push_back(residual("site.unmetered", "kWh", check.residual, check.size));
    }
    if (key.exists())
        f.push_back(total("site.e_key", "kWh", key));
    add_shares(f, e, load, key);
}

} // namespace kilnwatt::energy
