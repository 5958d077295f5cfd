#include "agent/control/journal_estimate.hpp"

#include <algorithm>

namespace kilnwatt::control {
namespace {

// Measured with bench/journal/measure, see docs/journal-format.md.
constexpr double bytes_a_value = 2.4;          ///< of a reading
constexpr double bytes_a_point_window = 15.0;  ///< of a device's window, for each of its points
constexpr double bytes_a_device_figure = 55.0; ///< of the plant's figures, for each device

constexpr double ms_a_day = 86'400'000.0;
constexpr double minutes_a_day = 1'440;
constexpr double quarters_a_day = 96 + 24; ///< and hours
constexpr double days_a_day = 1 + 1.0 / 30 + 1.0 / 365;
constexpr double production_days_a_day = 1;

struct amounts {
    double values_a_day = 0;
    double points = 0;
};

amounts amounts_of(site_plan const& plan)
{
    amounts a;
    for (auto const& link : plan.links)
        for (auto const& p : load_of(link, cost_of(link)).polls) {
            a.points += static_cast<double>(p.points);
            a.values_a_day += static_cast<double>(p.points) * ms_a_day / static_cast<double>(p.period.count());
        }
    return a;
}

budget_estimate estimate(journal::budget what, double bytes_a_day, std::uint64_t limit, std::optional<milliseconds> age)
{
    budget_estimate e{what, bytes_a_day, std::nullopt, std::nullopt};
    if (limit != journal::for_ever) {
        e.limit = limit;
        if (bytes_a_day > 0)
            e.days = static_cast<double>(limit) / bytes_a_day;
    }
    if (age)
        e.days = std::min(e.days.value_or(static_cast<double>(age->count()) / ms_a_day),
                          static_cast<double>(age->count()) / ms_a_day);
    return e;
}

} // namespace

std::vector<budget_estimate> estimate_journal(site_plan const& plan)
{
    auto const a = amounts_of(plan);
    auto const& j = plan.site.journal;
    auto const window =
        a.points * bytes_a_point_window + static_cast<double>(plan.site.devices.size()) * bytes_a_device_figure;
    auto const days = days_a_day + (plan.site.production_day.count() > 0 ? production_days_a_day : 0);
    return {estimate(journal::budget::readings, a.values_a_day * bytes_a_value, j.size, j.age),
            estimate(journal::budget::minutes, minutes_a_day * window, j.windows_size, j.windows_age),
            estimate(journal::budget::quarters, quarters_a_day * window, j.quarters_size, j.quarters_age),
            estimate(journal::budget::days, days * window, j.days_size, {})};
}

} // namespace kilnwatt::control
