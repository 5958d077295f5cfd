#include "agent/control/plant_of.hpp"

#include "agent/control/kpi_rules.hpp"
#include "agent/control/target_rules.hpp"
#include "agent/settings/time_zones.hpp"
#include "core/energy_carrier.hpp"

#include <algorithm>

namespace kilnwatt::control {
namespace {

energy::device_model model_of(settings::device_settings const& d)
{
    energy::device_model m;
    m.name = d.name;
    m.what = d.what;
    m.key = d.key;
    m.meter = d.meter;
    m.sign = d.sign;
    m.share = d.share;
    m.modulus = d.rollover;
    if (d.array)
        m.array = energy::array_plate{d.array->rated_w, d.array->inverter_rated_w, d.array->temperature_coefficient,
                                      d.array->orientation, d.array->annual_module_temperature};
    if (d.motor)
        m.motor = energy::motor_plate{d.motor->rated_w, d.motor->rated_speed, d.motor->efficiency_class,
                                      d.motor->rated_voltage, d.motor->rated_current};
    if (d.transformer)
        m.transformer = energy::transformer_plate{d.transformer->rated_va, d.transformer->no_load_loss_w,
                                                  d.transformer->load_loss_w, d.transformer->no_load_current,
                                                  d.transformer->short_circuit_voltage};
    if (d.boiler)
        m.boiler = energy::boiler_plate{d.boiler->rated_w, d.boiler->fuel, d.boiler->dryness};
    m.gaps_by_sun = d.gaps_by_sun;
    m.between = d.linear ? energy::interpolation::linear : energy::interpolation::hold;
    m.carrier = d.carrier;
    m.flow_sensor_in_supply = d.flow_sensor_in_supply;
    m.minimum_flow = d.minimum_flow;
    m.flue_gas_rated_w = d.flue_gas_rated_w;
    m.rated_flow = d.rated_flow;
    m.rated_mass_flow = d.rated_mass_flow;
    m.capacity_wh = d.capacity_wh;
    m.conformity_band = d.conformity_band;
    return m;
}

/// What the site says of a carrier over what is usual; its source holds for what it says.
energy::bought_carrier carrier_of(settings::bought_carrier_settings const& own)
{
    auto c = *energy::carrier_named({}, own.name);
    c.kgce = own.kgce.value_or(c.kgce);
    c.mj = own.mj.value_or(own.kgce && c.mj > 0 ? c.kgce * mj_per_kgce : c.mj);
    c.co2_kg = own.co2_kg.value_or(c.co2_kg);
    c.source = own.kgce || own.mj ? own.source : c.source;
    c.co2_source = own.co2_kg ? own.source : c.co2_source;
    return c;
}

energy::calendar calendar_of(settings::site const& site)
{
    std::vector<energy::calendar::offset_change> changes;
    for (auto const& o : settings::zone_offsets(site.timezone))
        changes.push_back({o.from, o.offset});
    return {std::move(changes), site.production_day.count()};
}

energy::tariff_period period_of(std::string_view word)
{
    for (std::size_t i = 0; i < energy::tariff_period_count; ++i)
        if (to_string(static_cast<energy::tariff_period>(i)) == word)
            return static_cast<energy::tariff_period>(i);
    return energy::tariff_period::flat;
}

energy::tariff_day day_of(settings::tariff_day_settings const& d)
{
    energy::tariff_day day;
    day.months = d.months;
    day.weekdays = d.weekdays;
    for (auto const& [first, last] : d.dates)
        day.dates.push_back({first, last});
    for (auto const& [start, word] : d.periods)
        std::fill(day.minutes.begin() + start, day.minutes.end(), period_of(word));
    return day;
}

energy::tariff tariff_of(settings::tariff_settings const& t)
{
    energy::tariff prices;
    for (auto const& d : t.days)
        prices.days.push_back(day_of(d));
    for (auto const& [word, price] : t.price)
        prices.price[static_cast<std::size_t>(period_of(word))] = price;
    prices.export_price = t.export_price;
    prices.demand_price = t.demand_price;
    prices.capacity_charge = t.capacity_charge;
    prices.baseline_demand_kw = t.baseline_demand_kw;
    prices.window = t.demand_in_blocks ? energy::demand_window::block : energy::demand_window::sliding;
    prices.reading_day = t.reading_day;
    prices.source = t.source;
    return prices;
}

energy::emission_factors emissions_of(settings::site const& site)
{
    energy::emission_factors e;
    if (!site.grid_factors.empty())
        e.grid.clear();
    for (auto const& f : site.grid_factors)
        e.grid.push_back({f.year, f.kg_per_kwh, f.region, f.source});
    if (site.gas_kg_per_m3) {
        e.gas_kg_per_m3 = *site.gas_kg_per_m3;
        e.gas_source = site.gas_co2_source.empty() ? "site file" : site.gas_co2_source;
    }
    return e;
}

} // namespace

energy::plant_model plant_of(settings::site const& site)
{
    energy::plant_model m;
    for (auto const& d : site.devices)
        m.devices.push_back(model_of(d));
    for (auto const& p : site.productions) {
        auto& d = m.devices.emplace_back();
        d.name = p.name;
        d.what = role::production;
        d.rated_mass_flow = p.rated_mass_flow;
        d.product = p.point;
    }
    auto const& c = site.carriers;
    m.carriers = {c.electricity_kgce_per_kwh, c.gas_kgce_per_m3, c.gas_lhv_mj_per_m3, c.source};
    if (site.tariff)
        m.prices = tariff_of(*site.tariff);
    m.all_loads_metered = site.all_loads_metered;
    m.emissions = emissions_of(site);
    m.pv_first = site.pv_first == "wired"          ? energy::pv_first_mode::wired
                 : site.pv_first == "proportional" ? energy::pv_first_mode::proportional
                                                   : energy::pv_first_mode::priority;
    m.pv_feeder = site.pv_feeder;
    m.gap_total_max_ms = site.gap_total_max.count();
    for (auto const& b : site.bought)
        m.bought.push_back(carrier_of(b));
    m.count_onsite_pv = site.count_onsite_pv;
    m.local_time = calendar_of(site);
    if (site.location)
        m.location = energy::geographic_location{site.location->first, site.location->second};
    if (site.close_delay)
        m.close_delay_ms = static_cast<int>(site.close_delay->count());
    return m;
}

energy::plant_model whole_plant_of(settings::site const& site, config::defects& found)
{
    auto m = plant_of(site);
    add_formulas(site, m, found);
    add_targets(site, m, found);
    return m;
}

} // namespace kilnwatt::control
