#include "agent/energy/carriers.hpp"
#include "agent/energy/physical_constants.hpp"
#include "agent/energy/plant_figures.hpp"
#include "agent/energy/steam.hpp"
#include "agent/energy/superheated_steam.hpp"
#include "agent/energy/water.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr double mpa_per_pa = 1e-6;
constexpr double t_per_kg = 1e-3;
constexpr double gj_per_kwh = 3.6e-3;
constexpr double load_floor = 0.10;        ///< of the rated heat: below it an efficiency is noise
constexpr double step_most = 0.20;         ///< of the rated heat a minute: while the firing changes more, steam lags
constexpr figure_range efficiency{0, 105}; ///< %; the 5 are for the meters

constexpr double superheat_least = 1; ///< K above saturation; less may be the thermometer's error

/// kJ/kg of the steam of one boiler: superheated where its thermometer says so, else saturated, as dry as its plate
/// says.
double steam_enthalpy(device_model const& boiler, double p_mpa, quantity const& t)
{
    if (t.exists() && t.value > saturation_temperature(p_mpa) + superheat_least)
        return superheated_steam_enthalpy(p_mpa, t.value);
    return wet_steam_enthalpy(p_mpa, boiler.boiler ? boiler.boiler->dryness : 1);
}

/// Heat output of one boiler, kWh: from its steam, or its own heat meter where it makes no steam.
quantity boiler_output(plant_view const& v, std::size_t i)
{
    if (!v.measures(i, {"steam_mass"}) && v.measures(i, {"thermal_energy"}))
        return v.amount(i, {"thermal_energy"}, kilo);
    auto const steam = v.amount(i, {"steam_mass"}, 1);
    auto const pressure = v.level(i, "pressure", mpa_per_pa);
    auto const feed = v.level(i, "feed_water_temperature");
    std::vector<quantity> inputs{steam, pressure, feed};
    quantity t;
    if (v.windows[i]->find_gauge("steam_temperature") != nullptr)
        inputs.push_back(t = v.level(i, "steam_temperature"));
    auto const h_feed = water_enthalpy(feed.value, pressure.value);
    auto const h_steam = steam_enthalpy(v.device(i), pressure.value, t);
    return derived(steam_heat(steam.value, h_steam, h_feed), inputs, method::counter);
}

} // namespace

void add_boilers(figures& f, plant_view const& v)
{
    auto const boilers = v.with_role(role::boiler);
    if (boilers.empty())
        return;
    quantity fuel;
    quantity heat;
    auto rated_kw = 0.0;
    for (auto const i : boilers) {
        fuel = fuel + carrier_amount(v, i);
        heat = heat + carrier_amount(v, i) * (carrier_of(v, i).mj / mj_per_kwh);
        rated_kw += v.device(i).boiler ? v.device(i).boiler->rated_w * kilo * v.device(i).share : 0;
    }
    auto const output = sum_over(boilers, [&](std::size_t i) { return boiler_output(v, i); });
    f.push_back(ratio("boiler.eta", "%", output, heat,
                      {percent, power_floor(load_floor * rated_kw), quarter, efficiency, step_most * rated_kw / 60}));
    quantity steam;
    quantity steam_heat_gj;
    for (auto const i : boilers) {
        if (!v.measures(i, {"steam_mass"}))
            continue;
        steam = steam + v.amount(i, {"steam_mass"}, t_per_kg);
        steam_heat_gj = steam_heat_gj + boiler_output(v, i) * gj_per_kwh;
    }
    if (!steam.exists())
        return;
    f.push_back(total("steam.m", "t", steam));
    f.push_back(total("steam.q", "GJ", steam_heat_gj));
    auto const gas =
        std::all_of(boilers.begin(), boilers.end(), [&](std::size_t i) { return carrier_of(v, i).unit == "m3"; });
    if (gas)
        f.push_back(ratio("boiler.sgc", "m3/t", fuel, steam, {1, {}, quarter}));
}

} // namespace kilnwatt::energy
