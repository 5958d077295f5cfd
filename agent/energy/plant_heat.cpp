#include "agent/energy/plant_figures.hpp"
#include "agent/energy/steam.hpp"
#include "agent/energy/water.hpp"

namespace kilnwatt::energy {
namespace {

constexpr double mpa_per_pa = 1e-6;
constexpr double mj_per_kwh = 3.6;
constexpr double t_per_kg = 1e-3;

void add_recovered(figures& f, plant_view const& v)
{
    auto const meters = v.with_role(role::waste_heat);
    if (meters.empty())
        return;
    auto const power = [&](std::size_t i) { return v.mean(i, {"thermal_power"}, kilo); };
    auto const heat = [&](std::size_t i) { return v.amount(i, {"thermal_energy"}, kilo); };
    f.push_back(mean("heat.p", "kW", sum_over(meters, power)));
    f.push_back(total("heat.q", "kWh", sum_over(meters, heat)));
    f.push_back(total("whr.q_rec", "kWh", sum_over(meters, heat)));
    for (auto const i : meters) {
        f.push_back(mean(v.metric(i, "p"), "kW", power(i)));
        f.push_back(total(v.metric(i, "q"), "kWh", heat(i)));
    }
}

/// Heat output of one boiler, kWh: from its steam, or its own heat meter where it makes no steam.
quantity boiler_output(plant_view const& v, std::size_t i)
{
    if (!v.measures(i, {"steam_mass"}) && v.measures(i, {"thermal_energy"}))
        return v.amount(i, {"thermal_energy"}, kilo);
    auto const steam = v.amount(i, {"steam_mass"}, 1);
    auto const pressure = v.level(i, "pressure", mpa_per_pa);
    auto const feed = v.level(i, "feed_water_temperature");
    quantity const inputs[]{steam, pressure, feed};
    auto const h_feed = water_enthalpy(feed.value, pressure.value);
    return derived(steam_heat(steam.value, saturated_steam_enthalpy(pressure.value), h_feed), inputs, method::counter);
}

void add_boilers(figures& f, plant_view const& v)
{
    auto const boilers = v.with_role(role::boiler);
    if (boilers.empty())
        return;
    auto const fuel = sum_over(boilers, [&](std::size_t i) { return v.amount(i, {"fuel_volume"}, 1); });
    auto const output = sum_over(boilers, [&](std::size_t i) { return boiler_output(v, i); });
    auto const kwh_per_m3 = v.model->carriers.gas_lhv_mj_per_m3 / mj_per_kwh;
    f.push_back(ratio("boiler.eta", "%", output, fuel * kwh_per_m3, {percent}));
    auto const steam = sum_over(boilers, [&](std::size_t i) { return v.amount(i, {"steam_mass"}, t_per_kg); });
    f.push_back(ratio("boiler.sgc", "m3/t", fuel, steam, {}));
}

/// Fuel only: the kiln's electricity is metered with the loads.
void add_kiln(figures& f, plant_view const& v)
{
    auto const fuel = sum_over(v.with_role(role::fuel), [&](std::size_t i) {
        return v.amount(i, {"fuel_volume", "volume"}, 1);
    });
    auto const mass = product_mass(v);
    if (fuel.exists() && mass.exists())
        f.push_back(ratio("kiln.sec", "MJ/t", fuel * v.model->carriers.gas_lhv_mj_per_m3, mass, {}));
}

} // namespace

void add_heat(figures& f, plant_view const& v)
{
    add_recovered(f, v);
    add_boilers(f, v);
    add_kiln(f, v);
}

} // namespace kilnwatt::energy
