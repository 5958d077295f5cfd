#include "agent/energy/flue_gas.hpp"
#include "agent/energy/plant_figures.hpp"
#include "agent/energy/water.hpp"

#include <cmath>
#include <optional>
#include <tuple>

namespace kilnwatt::energy {
namespace {

constexpr double ambient_usual = 25;
constexpr double least_difference = 3;               ///< K, below which a heat meter is not sure (EN 1434)
constexpr double available_floor = 0.05;             ///< of the flue gas's rated heat
constexpr figure_range recovered_range{0, 100};      ///< %; more than there is: a sensor errs
constexpr figure_floor heat_check_floor{10, 10, 10}; ///< kWh

/// m3/h through a heat meter; nothing when it tells no flow.
std::optional<double> flow_of(plant_view const& v, std::size_t i)
{
    if (auto const* g = v.windows[i]->find_gauge("volume_flow"); g != nullptr && g->covered > 0)
        return g->mean();
    if (!v.measures(i, {"volume"}))
        return std::nullopt;
    auto const volume = v.amount(i, {"volume"}, 1);
    return volume.whole ? std::optional{volume.value * static_cast<double>(hour) / minute} : std::nullopt;
}

/// K between supply and return.
std::optional<double> difference_of(plant_view const& v, std::size_t i)
{
    if (auto const told = v.level(i, "temperature_difference"); told.least_covered() > 0)
        return told.value;
    auto const in = v.level(i, "supply_temperature");
    auto const out = v.level(i, "return_temperature");
    return in.least_covered() > 0 && out.least_covered() > 0 ? std::optional{in.value - out.value} : std::nullopt;
}

/// What a heat meter says, in doubt while it works below its metrological minimum. A meter that stands measures nothing
/// at all, without doubt.
quantity measured(plant_view const& v, std::size_t i, quantity heat)
{
    auto const flow = flow_of(v, i);
    auto const difference = difference_of(v, i);
    auto const little =
        (difference && std::abs(*difference) < least_difference) || (flow && *flow < v.device(i).minimum_flow);
    if (little && flow.value_or(1) > 0 && heat.least_covered() > 0)
        heat.q = combined(heat.q, quality::below_minimum);
    return heat;
}

quantity recovered_heat(plant_view const& v, std::size_t i)
{
    return measured(v, i, v.amount(i, {"thermal_energy"}, kilo));
}

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
        apart = apart + recovered_heat(v, i) - carried;
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
    auto rated_kw = 0.0;
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
            rated_kw += v.device(i).flue_gas_rated_w * kilo;
            if (!has("flue_gas_outlet_temperature"))
                continue;
            auto const out = v.level(i, "flue_gas_outlet_temperature");
            quantity const to_outlet[]{flow, in, out};
            extracted = extracted + derived(sensible_heat(flow.value, in.value, out.value), to_outlet, method::model);
        }
    if (!available.exists())
        return;
    f.push_back(from(quarter, total("whr.q_avail", "kWh", over_a_minute(available))));
    ratio_terms const terms{percent, power_floor(available_floor * rated_kw), quarter, recovered_range};
    f.push_back(ratio("whr.recovery_rate", "%", recovered, over_a_minute(available), terms));
    if (extracted.exists())
        f.push_back(ratio("whr.recovery_eff", "%", recovered, over_a_minute(extracted), terms));
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

} // namespace

void add_heat(figures& f, plant_view const& v)
{
    auto const meters = v.with_role(role::waste_heat);
    if (meters.empty())
        return;
    auto const power = [&](std::size_t i) { return measured(v, i, v.mean(i, {"thermal_power"}, kilo)); };
    auto const heat = [&](std::size_t i) { return recovered_heat(v, i); };
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

} // namespace kilnwatt::energy
