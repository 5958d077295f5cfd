#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr figure_floor price_floor{0.1, 0.1, 0.1}; ///< kWh

/// The periods in which energy was counted: those of the minute, and of the minutes before it in the quarter of an hour
/// that it carries.
tariff::shares shares_of(quantity const& energy, plant_view const& v)
{
    auto const& w = *v.windows.front();
    auto const longest = energy.exists() ? *std::max_element(energy.covered.begin(), energy.covered.end()) : 0;
    auto const from = std::max(v.quarter_start, w.end - std::max(longest, w.length()));
    return v.model->prices->shares_of(from, w.end, v.model->local_time);
}

/// CNY for energy by when it was counted.
quantity cost_of(quantity const& energy, plant_view const& v)
{
    return energy * v.model->prices->price_of(shares_of(energy, v));
}

/// Energy bought in each period of the tariff. A period that is not now has a true 0, so that its day is complete.
void add_by_period(figures& f, plant_view const& v, quantity const& imported)
{
    auto const share = shares_of(imported, v);
    auto const share_of = [&](tariff_period p) { return share[static_cast<std::size_t>(p)]; };
    for (std::size_t i = 0; i < tariff_period_count; ++i) {
        auto const p = static_cast<tariff_period>(i);
        if (v.model->prices->price[i])
            f.push_back(from(quarter, total("cost.e_" + std::string{to_string(p)}, "kWh", imported * share_of(p))));
    }
    auto const low = share_of(tariff_period::valley) + share_of(tariff_period::deep_valley);
    f.push_back(ratio("cost.valley_share", "%", imported * low, imported, {percent, price_floor, quarter}));
}

} // namespace

void add_cost(figures& f, plant_view const& v)
{
    if (!v.model->prices || v.windows.empty())
        return;
    auto const& prices = *v.model->prices;
    auto const e = flows(v);
    if (!e.imported.exists())
        return;
    auto const cost = cost_of(e.imported, v);
    f.push_back(from(quarter, total("cost.energy", "CNY", cost)));
    f.push_back(ratio("cost.avg_price", "CNY/kWh", cost, e.imported, {1, price_floor, quarter}));
    add_by_period(f, v, e.imported);
    if (e.exported.exists() && prices.export_price)
        f.push_back(from(quarter, total("cost.export_revenue", "CNY", e.exported * *prices.export_price)));
    if (e.charged.exists() && e.discharged.exists())
        f.push_back(from(quarter, total("cost.arbitrage", "CNY", cost_of(e.discharged, v) - cost_of(e.charged, v))));
    if (e.pv.exists()) {
        auto const load = site_load(v, e);
        quantity const all[]{e.pv, load};
        auto const used = derived(direct_use(e.pv.value, load.value, e.charged.value), all, method::counter);
        f.push_back(from(quarter, total("cost.avoided_pv", "CNY", cost_of(used, v))));
    }
}

void add_largest_demand(figures& f, plant_model const& model, quantity const& demand, instant end)
{
    auto peak = from(quarter, largest("grid.demand_max", "kW", demand));
    peak.at = demand.least_covered() > 0 ? end : 0;
    peak.by_reading_day = true;
    f.push_back(std::move(peak));
    add_demand_cost(f, model, demand);
}

void add_demand_cost(figures& f, plant_model const& model, quantity const& demand)
{
    if (!model.prices)
        return;
    if (auto const price = model.prices->demand_price)
        f.push_back(of_a_month(largest("cost.demand", "CNY", demand * *price)));
    if (auto const charge = model.prices->capacity_charge) {
        auto fixed = demand;
        fixed.value = *charge;
        f.push_back(of_a_month(largest("cost.demand", "CNY", fixed)));
    }
    if (auto const before = model.prices->baseline_demand_kw) {
        auto above = demand;
        above.value = (demand.value - *before) / *before * percent;
        f.push_back(of_a_month(largest("cost.peak_shaving", "%", above, -1)));
    }
}

} // namespace kilnwatt::energy
