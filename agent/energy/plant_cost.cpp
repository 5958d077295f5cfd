#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"

namespace kilnwatt::energy {
namespace {

constexpr figure_floor price_floor{0.1, 0.1, 0.1}; ///< kWh

/// Energy bought in each period of the tariff. A period that is not now has a true 0, so that its day is complete.
void add_by_period(figures& f, tariff const& prices, tariff_period now, quantity const& imported)
{
    for (std::size_t i = 0; i < tariff_period_count; ++i) {
        auto const p = static_cast<tariff_period>(i);
        if (prices.price[i])
            f.push_back(
                from(quarter, total("cost.e_" + std::string{to_string(p)}, "kWh", imported * (p == now ? 1.0 : 0.0))));
    }
    auto const low = now == tariff_period::valley || now == tariff_period::deep_valley;
    f.push_back(
        ratio("cost.valley_share", "%", imported * (low ? 1.0 : 0.0), imported, {percent, price_floor, quarter}));
}

} // namespace

void add_cost(figures& f, plant_view const& v)
{
    if (!v.model->prices)
        return;
    auto const& prices = *v.model->prices;
    auto const e = flows(v);
    if (!e.imported.exists())
        return;
    auto const now = prices.period_at(v.quarter_start, v.model->local_time);
    auto const price = prices.price_at(now);
    f.push_back(from(quarter, total("cost.energy", "CNY", e.imported * price)));
    f.push_back(ratio("cost.avg_price", "CNY/kWh", e.imported * price, e.imported, {1, price_floor, quarter}));
    add_by_period(f, prices, now, e.imported);
    if (e.exported.exists() && prices.export_price)
        f.push_back(from(quarter, total("cost.export_revenue", "CNY", e.exported * *prices.export_price)));
    if (e.charged.exists() && e.discharged.exists())
        f.push_back(from(quarter, total("cost.arbitrage", "CNY", (e.discharged - e.charged) * price)));
    if (e.pv.exists()) {
        auto const load = e.load_by_balance();
        quantity const all[]{e.pv, load};
        auto const used = derived(direct_use(e.pv.value, load.value, e.charged.value), all, method::counter);
        f.push_back(from(quarter, total("cost.avoided_pv", "CNY", used * price)));
    }
}

void add_demand_cost(figures& f, plant_model const& model, quantity const& demand)
{
    if (!model.prices)
        return;
    if (auto const price = model.prices->demand_price)
        f.push_back(from(month_min, largest("cost.demand", "CNY", demand * *price)));
    if (auto const charge = model.prices->capacity_charge) {
        auto fixed = demand;
        fixed.value = *charge;
        f.push_back(from(month_min, largest("cost.demand", "CNY", fixed)));
    }
    if (auto const before = model.prices->baseline_demand_kw) {
        auto above = demand;
        above.value = (demand.value - *before) / *before * percent;
        f.push_back(from(month_min, largest("cost.peak_shaving", "%", above, -1)));
    }
}

} // namespace kilnwatt::energy
