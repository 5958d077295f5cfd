#include "agent/energy/carriers.hpp"
#include "agent/energy/physical_constants.hpp"
#include "agent/energy/plant_figures.hpp"

namespace kilnwatt::energy {
namespace {

/// Fuel, and the electricity of kilns that have a meter of their own; of a plant that has kilns.
void add_consumption(figures& f, plant_view const& v)
{
    if (v.with_role(role::kiln).empty())
        return;
    quantity heat;
    for (auto const i : v.with_role(role::fuel))
        if (auto const fuel = carrier_of(v, i); fuel.mj > 0)
            heat = heat + carrier_amount(v, i) * fuel.mj;
    for (auto const i : v.with_role(role::kiln))
        if (v.measures(i, {"active_energy_import", "active_energy"}))
            heat = heat + consumed_energy(v, i) * mj_per_kwh;
    auto const made = product_of(v);
    if (heat.exists() && made.amount.exists())
        f.push_back(ratio("kiln.sec", "MJ/t", heat, made.amount, {1, made.floor, hour}));
}

/// Mean of all kilns that measure it.
void add_temperatures(figures& f, plant_view const& v)
{
    for (auto const& [gauge, name] :
         {std::pair{"process_temperature", "kiln.pv"}, std::pair{"setpoint_temperature", "kiln.sp"}}) {
        quantity sum;
        auto kilns = 0;
        for (auto const i : v.with_role(role::kiln)) {
            if (v.windows[i]->find_gauge(gauge) == nullptr)
                continue;
            sum = sum + v.level(i, gauge);
            ++kilns;
        }
        if (kilns > 0)
            f.push_back(mean(name, "degC", sum * (1.0 / kilns)));
    }
}

/// Share of the soak in which the temperature is within the band around its set point.
void add_conformity(figures& f, plant_view const& v, std::vector<std::size_t> const& kilns, std::string name)
{
    quantity near;
    quantity soak;
    for (auto const i : kilns) {
        if (v.windows[i]->find_gauge("conforming") == nullptr)
            continue;
        near = near + v.level(i, "conforming");
        soak = soak + v.level(i, "soaking");
    }
    if (soak.exists())
        f.push_back(ratio(std::move(name), "%", over_a_minute(near), over_a_minute(soak), {percent, {}, hour}));
}

} // namespace

void add_kilns(figures& f, plant_view const& v)
{
    add_consumption(f, v);
    add_temperatures(f, v);
    auto const kilns = v.with_role(role::kiln);
    add_conformity(f, v, kilns, "kiln.conformity");
    for (auto const i : kilns)
        add_conformity(f, v, {i}, v.metric(i, "conformity"));
}

} // namespace kilnwatt::energy
