#pragma once

#include "core/row.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt {

/// The numbers are stored in the journal.
enum class event_severity : std::int64_t { info = 0, warning = 1, alarm = 2 };

std::string_view to_string(event_severity s) noexcept;

/// Something that happened, as a row of stream event tells it (core/aggregate_columns.hpp).
struct event {
    std::string kind;    ///< for example "counter_reset"
    std::string subject; ///< device, link, sink or alarm it concerns
    event_severity severity = event_severity::info;
    std::string message;
};

/// A row of the plant's event stream.
row event_row(std::string kind, std::string subject, event_severity severity, std::string message, stamp now);

/// Nothing for a row of another stream or with other columns.
std::optional<event> event_of(row const& r);

} // namespace kilnwatt
