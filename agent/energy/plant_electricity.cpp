#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

/// What the meters of the supply have of reactive energy, and the power factor that a tariff assesses.
void add_reactive(figures& f, plant_view const& v, std::vector<std::size_t> const& meters, energy_flows const& e)
{
    auto const has = [&](std::string_view gauge) {
        return std::any_of(meters.begin(), meters.end(),
                           [&](std::size_t i) { return v.windows[i]->find_gauge(gauge) != nullptr; });
    };
    if (has("reactive_power"))
        f.push_back(mean("grid.q", "kvar",
                         sum_over(meters, [&](std::size_t i) { return v.mean(i, {"reactive_power"}, kilo); })));
    auto const counted = std::all_of(meters.begin(), meters.end(),
                                     [&](std::size_t i) { return v.measures(i, {"reactive_energy_import"}); });
    if (!counted)
        return;
    auto const taken = sum_over(meters, [&](std::size_t i) { return v.amount(i, {"reactive_energy_import"}, kilo); });
    f.push_back(total("grid.eq_imp", "kvarh", taken));
    quantity given;
    for (auto const i : meters)
        if (v.measures(i, {"reactive_energy_export"}))
            given = given + v.amount(i, {"reactive_energy_export"}, kilo);
    if (given.exists())
        f.push_back(total("grid.eq_exp", "kvarh", given));
    f.push_back(power_factor("grid.pf", e.imported, given.exists() ? taken + given : taken));
}

/// The day's largest reading of a distortion, and what its minutes did not exceed for 95 % of the time (GB/T 14549).
void add_distortion(figures& f, plant_view const& v, std::size_t i, std::string_view gauge, std::string const& name)
{
    auto const mean = v.level(i, gauge);
    auto peak = mean;
    if (mean.least_covered() > 0)
        peak.value = v.windows[i]->find_gauge(gauge)->max;
    f.push_back(from(day_min, largest(name + "_max", "%", peak)));
    f.push_back(from(day_min, percentile_95(name + "_p95", "%", mean)));
}

/// Frequency and distortion at the first meter of the supply that measures them.
void add_supply(figures& f, plant_view const& v, std::vector<std::size_t> const& meters)
{
    struct {
        std::string_view gauge;
        char const* name;
        char const* unit;
    } const wanted[]{{"frequency", "grid.freq", "Hz"},   {"voltage_negative_sequence", "grid.vuf", "%"},
                     {"thd_voltage", "grid.thd_u", "%"}, {"thd_voltage_l1", "grid.thd_u", "%"},
                     {"thd_current", "grid.thd_i", "%"}, {"thd_current_l1", "grid.thd_i", "%"}};
    for (auto const& w : wanted)
        for (auto const i : meters)
            if (v.windows[i]->find_gauge(w.gauge) != nullptr && (f.empty() || !f.back().name.starts_with(w.name))) {
                f.push_back(mean(w.name, w.unit, v.level(i, w.gauge)));
                if (w.gauge.starts_with("thd_"))
                    add_distortion(f, v, i, w.gauge, w.name);
                break;
            }
}

void add_grid(figures& f, plant_view const& v, energy_flows const& e)
{
    auto const meters = v.with_role(role::grid);
    if (meters.empty())
        return;
    f.push_back(
        mean("grid.p", "kW", sum_over(meters, [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); })));
    f.push_back(total("grid.e_imp", "kWh", e.imported));
    if (e.exported.exists())
        f.push_back(total("grid.e_exp", "kWh", e.exported));
    add_reactive(f, v, meters, e);
    add_supply(f, v, meters);
}

/// kWh that the charge of the batteries rose by in the minute, where their capacity is known. Minutes join: the first
/// value of each is the one that stood at its begin.
quantity stored(plant_view const& v, std::vector<std::size_t> const& batteries)
{
    quantity sum;
    for (auto const i : batteries) {
        auto const* g = v.windows[i]->find_gauge("state_of_charge");
        if (v.device(i).capacity_wh <= 0 || g == nullptr)
            continue;
        auto rise = v.level(i, "state_of_charge");
        rise.value = g->covered > 0 ? (g->last - g->first) / percent * v.device(i).capacity_wh * kilo : 0;
        sum = sum + rise * v.device(i).share;
    }
    return sum;
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
    auto const kept = stored(v, batteries);
    f.push_back(ratio("bat.eta_rt", "%", kept.exists() ? e.discharged + kept : e.discharged, e.charged,
                      {percent, {}, month_min, efficiency_range}));
}

/// PV + grid + battery + waste-heat generators - transformer loss.
quantity load_power(plant_view const& v)
{
    quantity p;
    for (auto const r : {role::pv, role::grid, role::battery})
        p = p + sum_over(v.with_role(r), [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); });
    p = p + sum_over(generators(v), [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); });
    return p - transformer_losses(v);
}

/// What of the key equipment's energy is attributed to PV; nothing where the plant has no PV, or no such feeder.
quantity key_from_pv(plant_view const& v, quantity const& pv, quantity const& key, quantity const& load)
{
    switch (v.model->pv_first) {
    case pv_first_mode::priority: {
        quantity const used[]{pv, key};
        return pv.exists() ? derived(first_share(pv.value, key.value), used, method::counter) : quantity{};
    }
    case pv_first_mode::proportional: {
        quantity const used[]{pv, key, load};
        auto const share = proportional_share(pv.value, key.value, load.value);
        return pv.exists() ? derived(share, used, method::counter) : quantity{};
    }
    case pv_first_mode::wired:
        break;
    }
    for (std::size_t i = 0; i < v.model->devices.size(); ++i)
        if (v.device(i).name == v.model->pv_feeder) {
            auto const fed = v.amount(i, {"active_energy_import", "active_energy"}, kilo);
            quantity const used[]{fed, key};
            return fed.exists() ? derived(first_share(fed.value, key.value), used, method::counter) : quantity{};
        }
    return {};
}

void add_shares(figures& f, plant_view const& v, energy_flows const& e, quantity const& load, quantity const& key)
{
    auto const co2_kg_per_kwh = v.grid_emission();
    ratio_terms const self{percent, self_use_floor};
    quantity const all[]{e.pv, load, e.charged, e.discharged};
    auto const used = derived(direct_use(e.pv.value, load.value, e.charged.value), all, method::counter);
    auto const supplied =
        derived(own_supply(e.pv.value, load.value, e.charged.value, e.discharged.value), all, method::counter);
    if (e.pv.exists() && load.exists()) {
        f.push_back(ratio("pv.self_consumption", "%", used, e.pv, self));
        f.push_back(from(day_min, total("co2.avoided_pv", "kg", used * co2_kg_per_kwh)));
        f.push_back(ratio("site.autarky", "%", supplied, load, self));
        f.push_back(ratio("site.re_share", "%", supplied, load, self));
    }
    auto const first = key_from_pv(v, e.pv, key, load);
    if (first.exists() && key.exists())
        f.push_back(ratio("site.pv_first", "%", first, key, {percent, key_floor}));
}

} // namespace

void add_electricity(figures& f, plant_view const& v)
{
    auto const e = flows(v);
    add_grid(f, v, e);
    add_battery(f, v, e);
    auto const loads = metered_load(v);
    auto const key = sum_over(v.key_devices(), [&](std::size_t i) { return consumed_energy(v, i); });
    auto const load = site_load(v, e);
    if (e.imported.exists())
        f.push_back(mean("load.p", "kW", load_power(v)));
    if (load.exists())
        f.push_back(total("site.e_load", "kWh", load));
    if (e.imported.exists() && loads.exists()) {
        auto const check = check_balance(e, loads);
        if (v.model->all_loads_metered) {
            f.push_back(from(quarter, total("site.balance_residual", "kWh", check.residual)));
            f.push_back(imbalance("site.balance_eps", check.residual, e.sources()));
        } else {
            f.push_back(residual("site.unmetered", "kWh", check.residual, check.size));
        }
    }
    if (e.lost.exists())
        f.push_back(total("site.e_loss", "kWh", e.lost));
    if (key.exists())
        f.push_back(total("site.e_key", "kWh", key));
    add_shares(f, v, e, load, key);
}

} // namespace kilnwatt::energy
