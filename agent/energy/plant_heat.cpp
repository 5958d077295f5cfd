#include "agent/energy/carriers.hpp"
#include "agent/energy/flue_gas.hpp"
#include "agent/energy/plant_figures.hpp"
#include "agent/energy/steam.hpp"
#include "agent/energy/water.hpp"

#include <algorithm>
#include <tuple>

namespace kilnwatt::energy {
namespace {

constexpr double mpa_per_pa = 1e-6;
constexpr double mj_per_kwh = 3.6;
constexpr double t_per_kg = 1e-3;
constexpr double ambient_usual = 25;
constexpr double gj_per_kwh = 3.6e-3;
constexpr double boiler_load_floor = 0.10;           ///< of the rated heat: below it an efficiency is noise
constexpr figure_floor heat_check_floor{10, 10, 10}; ///< kWh

/// Volume, and the temperatures weighted by it, of the meters that count a volume.
void add_temperatures(figures& f, plant_view const& v, std::vector<std::size_t> const& meters)
{
    quantity volume;
    quantity in;
    quantity out;
    for (auto const i : meters) {
        auto const has = [&](std::string_view gauge) { return v.windows[i]->find_gauge(gauge) != nullptr; };
        if (!v.measures(i, {"volume"}) || !has("supply_temperature") || !has("return_temperature"))
            continue;
        auto const part = v.amount(i, {"volume"}, 1);
        auto const weighted = [&](std::string_view gauge) {
            quantity const both[]{part, v.level(i, gauge)};
            return derived(both[0].value * both[1].value, both, method::counter);
        };
        volume = volume + part;
        in = in + weighted("supply_temperature");
        out = out + weighted("return_temperature");
    }
    if (!volume.exists())
        return;
    f.push_back(total("heat.v", "m3", volume));
    f.push_back(ratio("heat.t_in", "degC", in, volume, {}));
    f.push_back(ratio("heat.t_out", "degC", out, volume, {}));
    f.push_back(ratio("heat.dt", "K", in - out, volume, {}));
}

/// The heat counter against what volume and temperatures say, %: how far the first is above the second.
void add_check(figures& f, plant_view const& v, std::vector<std::size_t> const& meters, std::string name)
{
    quantity apart;
    quantity expected;
    for (auto const i : meters) {
        auto const has = [&](std::string_view gauge) { return v.windows[i]->find_gauge(gauge) != nullptr; };
        if (!v.measures(i, {"volume"}) || !v.measures(i, {"thermal_energy"}) || !has("supply_temperature") ||
            !has("return_temperature"))
            continue;
        quantity const parts[]{v.amount(i, {"volume"}, 1), v.level(i, "supply_temperature"),
                               v.level(i, "return_temperature")};
        auto const [volume, in, out] = std::tuple{parts[0].value, parts[1].value, parts[2].value};
        auto const sensor = v.device(i).flow_sensor_in_supply ? in : out;
        auto const carried = derived(carried_heat(volume, in, out, sensor), parts, method::model);
        expected = expected + carried;
        apart = apart + v.amount(i, {"thermal_energy"}, kilo) - carried;
    }
    if (expected.exists())
        f.push_back(ratio(std::move(name), "%", apart, expected, {percent, heat_check_floor, hour}));
}

/// degC of the weather stations that measure it; 25 degC where none does.
quantity ambient(plant_view const& v)
{
    for (auto const i : v.with_role(role::weather))
        if (v.windows[i]->find_gauge("ambient_temperature") != nullptr)
            return v.level(i, "ambient_temperature");
    return constant(ambient_usual);
}

/// Recovered heat over what the flue gas had (down to ambient) and over what was taken from it. The flow is in Nm3/h.
void add_recovery(figures& f, plant_view const& v, quantity const& recovered)
{
    quantity available;
    quantity extracted;
    auto const outside = ambient(v);
    for (auto const r : {role::waste_heat, role::kiln})
        for (auto const i : v.with_role(r)) {
            auto const has = [&](std::string_view gauge) { return v.windows[i]->find_gauge(gauge) != nullptr; };
            if (!has("flue_gas_flow") || !has("flue_gas_temperature"))
                continue;
            auto const flow = v.level(i, "flue_gas_flow");
            auto const in = v.level(i, "flue_gas_temperature");
            quantity const to_ambient[]{flow, in, outside};
            available =
                available + derived(sensible_heat(flow.value, in.value, outside.value), to_ambient, method::model);
            if (!has("flue_gas_outlet_temperature"))
                continue;
            auto const out = v.level(i, "flue_gas_outlet_temperature");
            quantity const to_outlet[]{flow, in, out};
            extracted = extracted + derived(sensible_heat(flow.value, in.value, out.value), to_outlet, method::model);
        }
    if (!available.exists())
        return;
    f.push_back(from(quarter, total("whr.q_avail", "kWh", over_a_minute(available))));
    f.push_back(ratio("whr.recovery_rate", "%", recovered, over_a_minute(available), {percent, {}, quarter}));
    if (extracted.exists())
        f.push_back(ratio("whr.recovery_eff", "%", recovered, over_a_minute(extracted), {percent, {}, quarter}));
}

/// Electricity of generators that run on waste heat.
void add_generators(figures& f, plant_view const& v)
{
    quantity power;
    quantity energy;
    for (auto const i : v.with_role(role::waste_heat)) {
        if (!v.measures(i, {"active_energy", "active_energy_export"}))
            continue;
        power = power + v.mean(i, {"active_power"}, kilo);
        energy = energy + v.amount(i, {"active_energy", "active_energy_export"}, kilo);
    }
    if (!energy.exists())
        return;
    f.push_back(mean("whr.p", "kW", power));
    f.push_back(total("whr.e", "kWh", energy));
}

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
    add_recovery(f, v, sum_over(meters, heat));
    add_generators(f, v);
    add_temperatures(f, v, meters);
    add_check(f, v, meters, "heat.k_check");
    for (auto const i : meters) {
        f.push_back(mean(v.metric(i, "p"), "kW", power(i)));
        f.push_back(total(v.metric(i, "q"), "kWh", heat(i)));
        add_check(f, v, {i}, v.metric(i, "k_check"));
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
    quantity fuel;
    quantity heat;
    auto rated_kw = 0.0;
    for (auto const i : boilers) {
        fuel = fuel + carrier_amount(v, i);
        heat = heat + carrier_amount(v, i) * (carrier_of(v, i).mj / mj_per_kwh);
        rated_kw += v.device(i).boiler ? v.device(i).boiler->rated_w * kilo * v.device(i).share : 0;
    }
    auto const output = sum_over(boilers, [&](std::size_t i) { return boiler_output(v, i); });
    f.push_back(ratio("boiler.eta", "%", output, heat, {percent, power_floor(boiler_load_floor * rated_kw)}));
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
        f.push_back(ratio("boiler.sgc", "m3/t", fuel, steam, {}));
}

} // namespace

void add_heat(figures& f, plant_view const& v)
{
    add_recovered(f, v);
    add_boilers(f, v);
}

} // namespace kilnwatt::energy
