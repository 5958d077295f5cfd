#include "agent/energy/quarter_watch.hpp"

#include "agent/energy/hour_watch.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

namespace kilnwatt::energy {
namespace {

constexpr double reversed_w = 500; ///< a meter of recovered heat that gives more than this back

/// m3/h in the window; nothing when it is not sure.
std::optional<double> flow_of(row_view const& w)
{
    if (auto const told = w.sure("volume_flow", aggregate::mean))
        return told;
    auto const volume = w.sure("volume", aggregate::delta);
    auto const start = w.number(aggregate::start);
    auto const end = w.number(aggregate::end);
    if (!volume || !start || !end || *end <= *start)
        return std::nullopt;
    return *volume * static_cast<double>(hour) / (*end - *start);
}

void look_at_heat(device_model const& d, row_view const& w, std::vector<finding>& found)
{
    if (d.what != role::waste_heat || !heat_runs_back(d, w))
        return;
    found.push_back(
        {"reversed_flow_or_sensors", d.name,
         fmt::format("{} gives {:.1f} kW, supply {:.1f} degC and return {:.1f} degC: its temperature sensors are "
                     "exchanged, or the heat flows back",
                     d.name, w.sure("thermal_power", aggregate::mean).value_or(0) / 1e3,
                     w.sure("supply_temperature", aggregate::mean).value_or(0),
                     w.sure("return_temperature", aggregate::mean).value_or(0))});
}

void look_at_transformer(device_model const& d, row const& r, std::vector<finding>& found)
{
    auto const rate = load_rate(d, r);
    if (!rate || *rate <= 1)
        return;
    found.push_back({"transformer_overload",
                     d.name,
                     fmt::format("{} stood at {:.0f} % of its {:g} kVA for a quarter of an hour", d.name, 100 * *rate,
                                 d.transformer->rated_va / 1e3),
                     event_severity::alarm,
                     {}});
}

} // namespace

bool heat_runs_back(device_model const& d, row_view const& w)
{
    auto const power = w.sure("thermal_power", aggregate::mean);
    auto const in = w.sure("supply_temperature", aggregate::mean);
    auto const out = w.sure("return_temperature", aggregate::mean);
    auto const colder = in && out && *in < *out;
    auto const flow = flow_of(w);
    auto const flows = !flow || (*flow > 0 && *flow > d.minimum_flow);
    return flows && (colder || (power && *power < -reversed_w));
}

std::vector<finding> quarter_watch::look(plant_model const& m, std::vector<row> const& rows)
{
    std::vector<finding> found;
    for (auto const& r : rows)
        for (auto const& d : m.devices)
            if (d.name == r.layout->device) {
                look_at_heat(d, row_view{r}, found);
                look_at_transformer(d, r, found);
            }
    return told_.fresh(std::move(found));
}

} // namespace kilnwatt::energy
