#include "agent/energy/metric_catalogue.hpp"

#include <array>

namespace kilnwatt::energy {
namespace {

struct entry {
    std::string_view id;
    std::string_view unit;
    stream shortest;
};

/// docs/metrics.md, which a test compares.
constexpr std::array entries{
    entry{"pv.p", "kW", stream::kpi_1m},
    entry{"pv.p_dc", "kW", stream::kpi_1m},
    entry{"pv.e", "kWh", stream::kpi_1m},
    entry{"pv.e_dc", "kWh", stream::kpi_1m},
    entry{"pv.h_poa", "kWh/m2", stream::kpi_1m},
    entry{"pv.yr", "h", stream::kpi_15m},
    entry{"pv.ya", "h", stream::kpi_15m},
    entry{"pv.yf", "h", stream::kpi_15m},
    entry{"pv.lc", "h", stream::kpi_15m},
    entry{"pv.ls", "h", stream::kpi_15m},
    entry{"pv.pr", "", stream::kpi_15m},
    entry{"pv.pr_stc", "", stream::kpi_15m},
    entry{"pv.eta_inv", "%", stream::kpi_1m},
    entry{"pv.cf_ac", "%", stream::kpi_day},
    entry{"pv.cf_dc", "%", stream::kpi_day},
    entry{"pv.specific_yield", "kWh/kWp", stream::kpi_day},
    entry{"pv.self_consumption", "%", stream::kpi_1m},
    entry{"site.autarky", "%", stream::kpi_1m},
    entry{"grid.p", "kW", stream::kpi_1m},
    entry{"grid.q", "kvar", stream::kpi_1m},
    entry{"grid.e_imp", "kWh", stream::kpi_1m},
    entry{"grid.e_exp", "kWh", stream::kpi_1m},
    entry{"grid.eq_imp", "kvarh", stream::kpi_1m},
    entry{"grid.eq_exp", "kvarh", stream::kpi_1m},
    entry{"grid.pf", "", stream::kpi_15m},
    entry{"grid.demand", "kW", stream::kpi_1m},
    entry{"grid.demand_max", "kW", stream::kpi_15m},
    entry{"grid.freq", "Hz", stream::kpi_1m},
    entry{"grid.thd_u", "%", stream::kpi_1m},
    entry{"grid.thd_i", "%", stream::kpi_1m},
    entry{"bat.p", "kW", stream::kpi_1m},
    entry{"bat.soc", "%", stream::kpi_1m},
    entry{"bat.e_cha", "kWh", stream::kpi_1m},
    entry{"bat.e_dis", "kWh", stream::kpi_1m},
    entry{"bat.eta_rt", "%", stream::kpi_month},
    entry{"load.p", "kW", stream::kpi_1m},
    entry{"heat.p", "kW", stream::kpi_1m},
    entry{"heat.q", "kWh", stream::kpi_1m},
    entry{"heat.v", "m3", stream::kpi_1m},
    entry{"heat.t_in", "degC", stream::kpi_1m},
    entry{"heat.t_out", "degC", stream::kpi_1m},
    entry{"heat.dt", "K", stream::kpi_1m},
    entry{"whr.q_rec", "kWh", stream::kpi_1m},
    entry{"whr.q_avail", "kWh", stream::kpi_15m},
    entry{"whr.recovery_rate", "%", stream::kpi_15m},
    entry{"whr.recovery_eff", "%", stream::kpi_15m},
    entry{"whr.p", "kW", stream::kpi_1m},
    entry{"whr.e", "kWh", stream::kpi_1m},
    entry{"steam.m", "t", stream::kpi_1m},
    entry{"steam.q", "GJ", stream::kpi_1m},
    entry{"boiler.eta", "%", stream::kpi_1m},
    entry{"boiler.sgc", "m3/t", stream::kpi_1m},
    entry{"kiln.sec", "MJ/t", stream::kpi_1m},
    entry{"kiln.pv", "degC", stream::kpi_1m},
    entry{"kiln.sp", "degC", stream::kpi_1m},
    entry{"motor.p_in", "kW", stream::kpi_1m},
    entry{"motor.p_shaft", "kW", stream::kpi_1m},
    entry{"motor.eta", "%", stream::kpi_1m},
    entry{"motor.lf", "%", stream::kpi_1m},
    entry{"drive.loss", "kW", stream::kpi_1m},
    entry{"drive.eta", "%", stream::kpi_1m},
    entry{"mach.sec", "kWh/m3", stream::kpi_1m},
    entry{"trf.beta", "%", stream::kpi_1m},
    entry{"trf.loss", "kW", stream::kpi_1m},
    entry{"trf.e_loss", "kWh", stream::kpi_15m},
    entry{"trf.eta", "%", stream::kpi_1m},
    entry{"site.e_load", "kWh", stream::kpi_1m},
    entry{"site.e_key", "kWh", stream::kpi_1m},
    entry{"site.e_loss", "kWh", stream::kpi_1m},
    entry{"site.unmetered", "kWh", stream::kpi_1m},
    entry{"site.re_share", "%", stream::kpi_1m},
    entry{"site.pv_first", "%", stream::kpi_1m},
    entry{"tce.total", "kgce", stream::kpi_1m},
    entry{"tce.electricity", "kgce", stream::kpi_day},
    entry{"tce.gas", "kgce", stream::kpi_day},
    entry{"tce.unit", "kgce/t", stream::kpi_1m},
    entry{"co2.total", "kg", stream::kpi_1m},
    entry{"co2.unit", "kg/t", stream::kpi_1m},
    entry{"co2.avoided_pv", "kg", stream::kpi_day},
    entry{"cost.energy", "CNY", stream::kpi_15m},
    entry{"cost.avg_price", "CNY/kWh", stream::kpi_15m},
    entry{"cost.e_sharp", "kWh", stream::kpi_15m},
    entry{"cost.e_peak", "kWh", stream::kpi_15m},
    entry{"cost.e_flat", "kWh", stream::kpi_15m},
    entry{"cost.e_valley", "kWh", stream::kpi_15m},
    entry{"cost.e_deep_valley", "kWh", stream::kpi_15m},
    entry{"cost.valley_share", "%", stream::kpi_15m},
    entry{"cost.export_revenue", "CNY", stream::kpi_15m},
    entry{"cost.arbitrage", "CNY", stream::kpi_15m},
    entry{"cost.avoided_pv", "CNY", stream::kpi_15m},
    entry{"cost.demand", "CNY", stream::kpi_month},
    entry{"production.mass", "t", stream::kpi_1m},
};

} // namespace

std::optional<metric_meaning> metric_meaning_of(std::string_view id) noexcept
{
    for (auto const& e : entries)
        if (e.id == id)
            return metric_meaning{e.unit, e.shortest};
    return std::nullopt;
}

std::optional<metric_meaning> device_metric_meaning_of(std::string_view figure, std::string_view group) noexcept
{
    std::optional<metric_meaning> found;
    for (auto const& e : entries) {
        auto const dot = e.id.find('.');
        if (e.id.substr(dot + 1) != figure)
            continue;
        if (e.id.substr(0, dot) == group)
            return metric_meaning{e.unit, e.shortest};
        if (!found)
            found = metric_meaning{e.unit, e.shortest};
    }
    return found;
}

std::vector<std::string_view> metric_ids()
{
    std::vector<std::string_view> all;
    for (auto const& e : entries)
        all.push_back(e.id);
    return all;
}

} // namespace kilnwatt::energy
