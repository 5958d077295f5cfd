#include "agent/control/plant_of.hpp"

#include "agent/settings/time_zones.hpp"

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
    if (d.array)
        m.array = energy::array_plate{d.array->rated_w, d.array->inverter_rated_w, d.array->temperature_coefficient};
    if (d.motor)
        m.motor = energy::motor_plate{d.motor->rated_w, d.motor->rated_speed, d.motor->efficiency_class};
    if (d.transformer)
        m.transformer = energy::transformer_plate{d.transformer->rated_va, d.transformer->no_load_loss_w,
                                                  d.transformer->load_loss_w};
    return m;
}

energy::calendar calendar_of(settings::site const& site)
{
    std::vector<energy::calendar::offset_change> changes;
    for (auto const& o : settings::zone_offsets(site.timezone))
        changes.push_back({o.from, o.offset});
    return {std::move(changes), site.production_day.count()};
}

} // namespace

energy::plant_model plant_of(settings::site const& site)
{
    energy::plant_model m;
    for (auto const& d : site.devices)
        m.devices.push_back(model_of(d));
    auto const& c = site.carriers;
    m.carriers = {c.electricity_kgce_per_kwh, c.gas_kgce_per_m3, c.gas_lhv_mj_per_m3, c.source};
    m.local_time = calendar_of(site);
    m.close_delay_ms = static_cast<int>(site.close_delay.count());
    return m;
}

} // namespace kilnwatt::control
