#include "agent/energy/plant_figures.hpp"
#include "agent/energy/pv_metrics.hpp"
#include "agent/energy/sun.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

constexpr double sunlit_w_m2 = 50; ///< from here an inverter must work
constexpr double dark_w_m2 = 5;    ///< below it none can
constexpr double sunlit_elevation = 5;
constexpr double near_limit = 0.95; ///< of a limit: from here it is what holds the power
constexpr double dead_volts = 10; ///< a supply below it is out

/// How much of the minute is day for the inverters (from `least`), 1 or 0, by the pyranometer, or else by where the sun
/// stands; nothing when neither is known.
quantity daylight(plant_view const& v, double least_w_m2, double least_elevation)
{
    auto const g = irradiance(v);
    if (g.exists() && g.least_covered() > 0)
        return derived(g.value >= least_w_m2 ? 1 : 0, {&g, 1}, g.how);
    if (!v.model->location)
        return g.exists() ? g : quantity{};
    auto const middle = v.windows.front()->start + minute / 2;
    auto const elevation = sun_elevation(middle, v.model->location->latitude, v.model->location->longitude);
    return constant(elevation >= least_elevation ? 1 : 0);
}

/// The grid has failed by a meter of the supply: inverters must be off.
bool supply_is_out(plant_view const& v)
{
    for (auto const i : v.with_role(role::grid))
        for (auto const* point : {"voltage_l1", "voltage_l1_l2", "voltage"})
            if (auto const* g = v.windows[i]->find_gauge(point); g != nullptr && g->covered > 0)
                return g->mean() < dead_volts;
    return false;
}

/// Hours in which the inverters could give power over those in which they should and in which that is known.
void add_availability(figures& f, plant_view const& v, std::vector<std::size_t> const& inverters)
{
    auto const told = [&](std::size_t i) { return v.windows[i]->find_gauge("available") != nullptr; };
    if (std::none_of(inverters.begin(), inverters.end(), told))
        return;
    auto const day = daylight(v, sunlit_w_m2, sunlit_elevation);
    if (!day.exists())
        return;
    auto const due = day * (supply_is_out(v) ? 0 : 1);
    quantity all;
    quantity known;
    quantity counted; ///< known, and no time that is excluded
    quantity good;
    for (auto const i : inverters) {
        auto const* g = v.windows[i]->find_gauge("available");
        auto const span = static_cast<double>(minute);
        auto const seen = g == nullptr ? 0 : static_cast<double>(g->seen) / span;
        all = all + day;
        known = known + day * seen;
        counted = counted + due * seen;
        good = good + due * (seen > 0 ? seen * g->mean() : 0);
    }
    f.push_back(ratio("pv.availability", "%", over_a_minute(good), over_a_minute(counted), {percent, {}, day_min}));
    f.push_back(ratio("pv.data_availability", "%", over_a_minute(known), over_a_minute(all), {percent, {}, day_min}));
}

/// kW that an inverter would give at this irradiance, at most its rating.
quantity expected(plant_view const& v, std::size_t i)
{
    auto const g = irradiance(v);
    auto const t = module_temperature(v);
    auto const& plate = *v.device(i).array;
    if (!t.exists())
        return derived(expected_power(plate, g.value, 25, v.reference_ratio) * kilo, {&g, 1}, method::model);
    quantity const both[]{g, t};
    return derived(expected_power(plate, g.value, t.value, v.reference_ratio) * kilo, both, method::model);
}

/// A gauge of the minute that says something; null = none.
gauge_summary const* told(plant_view const& v, std::size_t i, std::string_view gauge)
{
    auto const* g = v.windows[i]->find_gauge(gauge);
    return g == nullptr || g->covered == 0 ? nullptr : g;
}

/// kW that a limit from outside leaves an inverter, 0 when it is ordered to stop; infinite without one.
double limit_of(plant_view const& v, std::size_t i)
{
    auto limit = std::numeric_limits<double>::infinity();
    auto const& plate = v.device(i).array;
    if (auto const* g = told(v, i, "power_limit_percent"); g != nullptr && plate && g->mean() < percent)
        limit = g->mean() / percent * inverter_rating(*plate) * kilo;
    if (auto const* g = told(v, i, "power_limit"); g != nullptr)
        limit = std::min(limit, g->mean() * kilo);
    return limit;
}

/// It runs against its limit: what it could give without it is not seen.
bool at_limit(plant_view const& v, std::size_t i)
{
    auto const* power = told(v, i, "active_power");
    return power != nullptr && power->mean() * kilo >= near_limit * limit_of(v, i);
}

bool runs_free(plant_view const& v, std::size_t i)
{
    auto const* throttled = told(v, i, "throttled");
    auto const* derated = told(v, i, "derated");
    return throttled != nullptr && throttled->integral == 0 && (derated == nullptr || derated->integral == 0) &&
           !at_limit(v, i);
}

/// kW per kWp of the inverters of an orientation that run free, for a plant without a pyranometer.
quantity free_power(plant_view const& v, std::vector<std::size_t> const& inverters, std::string const& orientation)
{
    quantity power;
    auto kwp = 0.0;
    for (auto const i : inverters) {
        auto const& plate = v.device(i).array;
        if (!plate || plate->orientation != orientation || !runs_free(v, i))
            continue;
        power = power + v.mean(i, {"active_power"}, kilo);
        kwp += plate->rated_w * v.device(i).share * kilo;
    }
    return kwp > 0 ? power * (1 / kwp) : missing(quality::no_data);
}

/// Share of the minute in which an inverter is held back: by its state, by what it says of its derating, or by a limit
/// below `could`, kW. Nothing for an inverter that cannot say so.
quantity held_back(plant_view const& v, std::size_t i, quantity const& could)
{
    quantity share;
    if (v.windows[i]->find_gauge("throttled") != nullptr)
        share = v.level(i, "throttled");
    if (told(v, i, "derated") != nullptr) {
        quantity const both[]{v.level(i, "derated"), share};
        share = share.exists() ? derived(std::max(both[0].value, both[1].value), both, method::model) : both[0];
    }
    auto const limit = limit_of(v, i);
    if (std::isinf(limit))
        return share;
    auto const below = could.least_covered() > 0 ? limit < could.value : at_limit(v, i);
    if (!share.exists())
        return constant(below ? 1 : 0);
    share.value = below ? 1 : share.value;
    return share;
}

/// Energy that inverters which were held back did not give: what they could have less what they did.
void add_curtailed(figures& f, plant_view const& v, std::vector<std::size_t> const& inverters)
{
    quantity lost;
    for (auto const i : inverters) {
        auto const& plate = v.device(i).array;
        if (!plate || plate->rated_w <= 0)
            continue;
        auto could = irradiance(v).exists() ? expected(v, i)
                                            : free_power(v, inverters, plate->orientation) * (plate->rated_w * kilo);
        could.value = std::min(could.value, inverter_rating(*plate) * kilo);
        auto const held = held_back(v, i, could);
        if (!held.exists())
            continue;
        if (held.value <= 0) {
            lost = lost + derived(0, {&held, 1}, method::model);
            continue;
        }
        quantity const parts[]{held, could, v.level(i, "active_power", kilo)};
        auto const share = v.device(i).share;
        lost = lost + derived(share * held.value * std::max(0.0, could.value - parts[2].value), parts, method::model);
    }
    if (lost.exists())
        f.push_back(from(quarter, total("pv.e_curtailed", "kWh", over_a_minute(lost))));
}

/// What the inverters take at night, kW: mean over the hours of darkness.
void add_night(figures& f, plant_view const& v, std::vector<std::size_t> const& inverters)
{
    auto const day = daylight(v, dark_w_m2, 0);
    if (!day.exists())
        return;
    auto const power = sum_over(inverters, [&](std::size_t i) { return v.mean(i, {"active_power"}, kilo); });
    auto dark = day;
    dark.value = 1 - day.value;
    f.push_back(ratio("pv.p_night", "kW", over_a_minute(power * -dark.value), over_a_minute(dark), {1, {}, day_min}));
}

/// AC over DC energy by load, for the weighted efficiencies; throttled time says nothing.
void add_weighted_efficiency(figures& f, plant_view const& v, std::vector<std::size_t> const& inverters)
{
    load_steps steps;
    quantity seen;
    for (auto const i : inverters) {
        auto const& plate = v.device(i).array;
        if (!plate || v.windows[i]->find_gauge("dc_power") == nullptr)
            continue;
        auto const ac = v.level(i, "active_power", kilo);
        auto const dc = v.level(i, "dc_power", kilo);
        auto const free = v.windows[i]->find_gauge("throttled") == nullptr || runs_free(v, i);
        auto const sure = ac.whole && dc.whole && ac.q == quality::good && dc.q == quality::good;
        seen = seen + ac + dc;
        if (free && sure)
            steps.add(ac.value / (inverter_rating(*plate) * kilo), over_a_minute(ac).value, over_a_minute(dc).value,
                      1.0 / 60);
    }
    if (!seen.exists())
        return;
    f.push_back(weighted_efficiency("pv.eta_eu", efficiency_weights::european, steps, seen));
    f.push_back(weighted_efficiency("pv.eta_cec", efficiency_weights::cec, steps, seen));
}

} // namespace

void add_pv_states(figures& f, plant_view const& v)
{
    auto const inverters = v.with_role(role::pv);
    if (inverters.empty())
        return;
    add_availability(f, v, inverters);
    add_curtailed(f, v, inverters);
    add_night(f, v, inverters);
    add_weighted_efficiency(f, v, inverters);
}

} // namespace kilnwatt::energy
