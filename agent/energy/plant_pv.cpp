#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"

namespace kilnwatt::energy {
namespace {

/// Mean of a sensor of the weather stations that have it, else of the inverters' own ones.
quantity sensor_mean(plant_view const& v, std::string_view gauge)
{
    for (auto const r : {role::weather, role::pv}) {
        quantity sum;
        auto sensors = 0;
        for (auto const i : v.with_role(r)) {
            if (v.windows[i]->find_gauge(gauge) == nullptr)
                continue;
            sum = sum + v.level(i, gauge);
            ++sensors;
        }
        if (sensors > 0)
            return sum * (1.0 / sensors);
    }
    return {};
}

quantity dc_energy(plant_view const& v, std::size_t i)
{
    return v.amount(i, {"dc_energy"}, kilo);
}

/// What efficiency and performance ratio of one or all inverters are made of, kWh.
struct inverter_sums {
    quantity ac, dc;
    double rating = 0; ///< kW
    quantity rated_ac; ///< of the inverters whose array has a nameplate
    quantity reference;
    quantity reference_stc; ///< at the modules' temperature
    quantity reference_annual; ///< the same against their mean of a year
    bool annual = true;        ///< every array has that mean
    quantity rated_dc;
    double rated_kwp = 0;
};

/// A sensor in doubt is paired with no energy: the minute counts for neither side of a ratio.
quantity if_sure(quantity const& q)
{
    return q.exists() && severity_of(q.q) == severity::uncertain ? missing(q.q) : q;
}

inverter_sums sums_of(plant_view const& v, std::vector<std::size_t> const& inverters, quantity const& insolation)
{
    auto const h = if_sure(insolation);
    auto const t = if_sure(module_temperature(v));
    inverter_sums s;
    for (auto const i : inverters) {
        auto const ac = pv_energy(v, i);
        s.ac = s.ac + ac;
        s.dc = s.dc + dc_energy(v, i);
        auto const& plate = v.device(i).array;
        if (!plate || plate->rated_w <= 0)
            continue;
        auto const rated_w = plate->rated_w * v.device(i).share;
        s.rating += inverter_rating(*plate) * v.device(i).share * kilo;
        s.rated_ac = s.rated_ac + ac;
        s.rated_dc = s.rated_dc + dc_energy(v, i);
        if (h.exists() && t.exists()) {
            quantity const both[]{h, t};
            auto const factor = temperature_factor(plate->temperature_coefficient, t.value);
            auto const at_stc = derived(h.value * reference_energy(rated_w, 1), both, h.how);
            s.reference_stc = s.reference_stc + at_stc * factor;
            s.annual = s.annual && plate->annual_module_temperature;
            s.reference_annual =
                s.reference_annual + at_stc * temperature_factor(plate->temperature_coefficient, t.value,
                                                                 plate->annual_module_temperature.value_or(t_stc));
        }
        s.reference = s.reference + h * reference_energy(rated_w, 1);
        s.rated_kwp += reference_energy(rated_w, 1);
    }
    return s;
}

void add_ratios(figures& f, inverter_sums const& s, std::string eta, std::string pr)
{
    f.push_back(
        ratio(std::move(eta), "%", s.ac, s.dc, {percent, power_floor(dc_load_floor * s.rating), 0, efficiency_range}));
    if (s.reference.exists())
        f.push_back(ratio(std::move(pr), "", s.rated_ac, s.reference,
                          {1, scaled(reference_yield_floor, s.rated_kwp), quarter, performance_range}));
}

/// Yields in h (kWh per kWp), losses, capacity factors and the performance ratio at 25 degC (IEC 61724-1).
void add_yields(figures& f, inverter_sums const& s, quantity const& h)
{
    if (s.rated_kwp <= 0)
        return;
    auto const array = s.rated_dc * (1 / s.rated_kwp);
    auto const final = s.rated_ac * (1 / s.rated_kwp);
    f.push_back(from(quarter, total("pv.ya", "h", array)));
    f.push_back(from(quarter, total("pv.yf", "h", final)));
    f.push_back(within(loss_range, from(quarter, total("pv.ls", "h", array - final))));
    if (h.exists()) {
        f.push_back(from(quarter, total("pv.yr", "h", h)));
        f.push_back(from(quarter, total("pv.lc", "h", h - array)));
    }
    f.push_back(from(day_min, total("pv.specific_yield", "kWh/kWp", final)));
    auto const over = [&](double kw) { return over_a_minute(constant(kw)); };
    f.push_back(ratio("pv.cf_ac", "%", s.rated_ac, over(s.rating), {percent, {}, day_min}));
    f.push_back(ratio("pv.cf_dc", "%", s.rated_ac, over(s.rated_kwp), {percent, {}, day_min}));
    ratio_terms const terms{1, scaled(reference_yield_floor, s.rated_kwp), quarter, performance_stc_range};
    if (s.reference_stc.exists())
        f.push_back(ratio("pv.pr_stc", "", s.rated_ac, s.reference_stc, terms));
    if (s.reference_annual.exists() && s.annual)
        f.push_back(ratio("pv.pr_annual", "", s.rated_ac, s.reference_annual, terms));
}

/// kWh/m2 in the plane of the array.
quantity insolation(plant_view const& v)
{
    return over_a_minute(irradiance(v)) * kilo;
}

} // namespace

quantity irradiance(plant_view const& v)
{
    auto const g = sensor_mean(v, "irradiance");
    return g.exists() || v.with_role(role::weather).empty() ? g : missing(quality::no_data);
}

quantity module_temperature(plant_view const& v)
{
    return sensor_mean(v, "module_temperature");
}

void add_pv(figures& f, plant_view const& v)
{
    auto const inverters = v.with_role(role::pv);
    auto const h = insolation(v);
    if (h.exists())
        f.push_back(total("pv.h_poa", "kWh/m2", h));
    if (inverters.empty())
        return;
    auto const power = [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); };
    f.push_back(mean("pv.p", "kW", sum_over(inverters, power)));
    f.push_back(
        mean("pv.p_dc", "kW", sum_over(inverters, [&](std::size_t i) { return v.mean(i, {"dc_power"}, kilo); })));
    f.push_back(total("pv.e", "kWh", sum_over(inverters, [&](std::size_t i) { return pv_energy(v, i); })));
    f.push_back(total("pv.e_dc", "kWh", sum_over(inverters, [&](std::size_t i) { return dc_energy(v, i); })));
    auto const sums = sums_of(v, inverters, h);
    add_ratios(f, sums, "pv.eta_inv", "pv.pr");
    add_yields(f, sums, h);
    for (auto const i : inverters) {
        f.push_back(mean(v.metric(i, "p"), "kW", power(i)));
        f.push_back(total(v.metric(i, "e"), "kWh", pv_energy(v, i)));
        add_ratios(f, sums_of(v, {i}, h), v.metric(i, "eta_inv"), v.metric(i, "pr"));
    }
}

} // namespace kilnwatt::energy
