#pragma once

#include "agent/energy/calendar.hpp"
#include "core/layout.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::report {

/// What a report is about, and what its charts are made of.
enum class span { day, production_day, month, year };

std::string_view to_string(span s); ///< "day", "production day", "month", "year"

stream kpi_stream_of(span s);    ///< of the period itself
stream window_stream_of(span s); ///< of its devices
stream part_stream_of(span s);   ///< of its parts: quarters of an hour of a day, days of a month, months of a year

/// The period that a local date names: "2026-05-03" of a day, "2026-05" of a month, "2026" of a year; a longer date
/// names the month or year that holds it. Nothing for a text that is no such date. A production day begins on the date.
std::optional<energy::time_span> span_of(span s, std::string_view date, energy::calendar const& c);

/// The date that names the period which begins at `start`.
std::string label_of(span s, energy::instant start, energy::calendar const& c);

/// A part of the period on an axis: "07:15" of a quarter, "03" of a day, "05" of a month.
std::string part_label(span s, energy::instant start, energy::calendar const& c);

/// "2026-05-03 07:15" on the plant's clock.
std::string local_text(energy::instant t, energy::calendar const& c);

} // namespace kilnwatt::report
