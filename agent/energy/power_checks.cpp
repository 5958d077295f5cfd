#include "agent/energy/power_checks.hpp"

#include "agent/energy/metric_catalogue.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double phases_apart = 0.02;   ///< of the whole
constexpr double square_short = 0.03;   ///< of P^2 + Q^2
constexpr double counters_apart = 0.01; ///< of an hour's energy: the steps of the counters
constexpr double least_w = 500;         ///< below it an hour says nothing
constexpr double least_wh = 5'000;

std::optional<double> mean_of(row_view const& w, std::string_view point)
{
    return w.sure(point, aggregate::mean);
}

void check_phases(device_model const& d, row_view const& w, std::vector<finding>& found)
{
    auto const all = mean_of(w, "active_power");
    auto const a = mean_of(w, "active_power_l1");
    auto const b = mean_of(w, "active_power_l2");
    auto const c = mean_of(w, "active_power_l3");
    if (!all || !a || !b || !c)
        return;
    auto const sum = *a + *b + *c;
    if (std::abs(sum - *all) > std::max(least_w, phases_apart * std::abs(*all)))
        found.push_back(
            {"phase_mismatch", d.name,
             fmt::format("{} measures {:.1f} kW, but its phases add up to {:.1f} kW", d.name, *all / 1e3, sum / 1e3)});
}

void check_apparent(device_model const& d, row_view const& w, std::vector<finding>& found)
{
    auto const p = mean_of(w, "active_power");
    auto const q = mean_of(w, "reactive_power");
    auto const s = mean_of(w, "apparent_power");
    if (!p || !q || !s)
        return;
    auto const least = std::hypot(*p, *q); // a mean of S is no less than the S of the means
    if (least > least_w && *s * *s < (1 - square_short) * least * least)
        found.push_back({"apparent_power_mismatch", d.name,
                         fmt::format("{} measures {:.1f} kVA, but its {:.1f} kW and {:.1f} kvar need {:.1f} kVA",
                                     d.name, *s / 1e3, *p / 1e3, *q / 1e3, least / 1e3)});
}

void check_inverter(device_model const& d, row_view const& w, std::vector<finding>& found)
{
    auto const ac = w.sure("active_energy", aggregate::delta);
    auto const dc = w.sure("dc_energy", aggregate::delta);
    if (d.what != role::pv || !ac || !dc || *ac < least_wh || *ac <= (1 + counters_apart) * *dc)
        return;
    found.push_back(
        {"ac_above_dc",
         d.name,
         fmt::format("{} gives {:.1f} kWh, but takes {:.1f} kWh from its array", d.name, *ac / 1e3, *dc / 1e3),
         event_severity::warning,
         {"pv.eta_inv", metric_name(d.name, "eta_inv")}});
}

} // namespace

void check_powers(device_model const& d, row_view const& w, std::vector<finding>& found)
{
    check_phases(d, w, found);
    check_apparent(d, w, found);
    check_inverter(d, w, found);
}

} // namespace kilnwatt::energy
