#pragma once

#include "agent/control/site_plan.hpp"
#include "agent/journal/budget.hpp"

#include <optional>
#include <vector>

namespace kilnwatt::control {

/// What one budget of the journal will hold of a plant that runs day and night.
struct budget_estimate {
    journal::budget what = journal::budget::readings;
    double bytes_a_day = 0;
    std::optional<std::uint64_t> limit; ///< bytes; none = no limit
    std::optional<double> days;         ///< until the limit or the age lets the oldest go; none = for ever
};

/// One a budget but events, which come as they come. From the plan's polls and points and the bytes that
/// bench/journal/measure found on the example plant: right within a factor of two. Pure.
std::vector<budget_estimate> estimate_journal(site_plan const& plan);

} // namespace kilnwatt::control
