#include "agent/energy/day_watch.hpp"

#include "agent/energy/row_view.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double share = 0.02;
constexpr double least_wh = 5'000;

std::string column(std::string_view part)
{
    return "active_energy_day" + std::string{part};
}

} // namespace

std::optional<finding> day_counter_mismatch(plant_model const& m, row const& day)
{
    auto const inverter = [&](device_model const& d) { return d.what == role::pv && d.name == day.layout->device; };
    if (std::none_of(m.devices.begin(), m.devices.end(), inverter))
        return std::nullopt;
    row_view const w{day};
    auto const last = w.number(column(aggregate::last));
    auto const most = w.number(column(aggregate::max));
    auto const gained = w.sure("active_energy", aggregate::delta);
    if (!last || !most || !gained || std::max(*most, *gained) < least_wh)
        return std::nullopt;
    auto const off = [&](double shown) { return std::abs(shown - *gained) > share * std::max(shown, *gained); };
    if (!off(*last) || !off(*most))
        return std::nullopt;
    return finding{"day_counter_mismatch",
                   day.layout->device,
                   fmt::format("{} shows {:.1f} kWh of the day, its lifetime counter gained {:.1f} kWh: look at its "
                               "clock and at the scale of both",
                               day.layout->device, *most / 1e3, *gained / 1e3),
                   event_severity::warning,
                   {}};
}

} // namespace kilnwatt::energy
