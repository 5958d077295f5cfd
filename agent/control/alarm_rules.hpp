#pragma once

#include "agent/control/site_plan.hpp"
#include "agent/energy/alarm_board.hpp"

#include <vector>

namespace kilnwatt::control {

/// The alarms of a planned site: each finds its device and point, or its figure, and reads its limit in that unit.
/// What does not exist or has another unit becomes a defect of the plan, with place and remedy.
std::vector<energy::alarm_rule> alarm_rules_of(site_plan const& plan);

} // namespace kilnwatt::control
