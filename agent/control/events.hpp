#pragma once

#include "core/row.hpp"

#include <string>

namespace kilnwatt::control {

enum class event_severity : std::int64_t { info = 0, warning = 1, alarm = 2 };

/// An event of the agent as a row of stream event (core/aggregate_columns.hpp).
row event_row(std::string kind, std::string subject, event_severity severity, std::string message, stamp now);

} // namespace kilnwatt::control
