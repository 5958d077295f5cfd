#pragma once

#include "agent/energy/window_grid.hpp"

#include <cstdint>
#include <vector>

namespace kilnwatt::energy {

/// Periods above a quarter of an hour, on the plant's local calendar.
enum class period : std::uint8_t { clock_hour, day, production_day, month, year };
inline constexpr std::size_t period_count = 5;

/// Half-open interval [start, end).
struct time_span {
    instant start = 0;
    instant end = 0;

    instant length() const { return end - start; }
    bool holds(instant t) const { return t >= start && t < end; }
    friend bool operator==(time_span const&, time_span const&) = default;
};

/// Local time as a table of offsets, so that the figures need no time zone database. Without changes it is UTC.
///
/// A period begins at the first instant of its local date: where clocks go forward over midnight the day begins at the
/// change. An hour that the clocks repeat is two hours; one that they skip does not exist.
class calendar {
public:
    struct offset_change {
        instant from = 0;   ///< the first one holds before too
        instant offset = 0; ///< local time minus UTC, ms
    };

    /// `changes` in order of time. `production_start`: ms after local midnight, 0 to 24 h (exclusive), whole quarters.
    calendar() : calendar{{}, 0} {} ///< UTC
    calendar(std::vector<offset_change> changes, instant production_start);

    /// The period that holds `t`.
    time_span window(period p, instant t) const;

    /// The month that holds `t`, of those that begin on this day of the month, 1 to 28.
    time_span month_from(int day, instant t) const;

    /// Is the production day a period of its own?
    bool has_production_day() const { return production_start_ != 0; }

    instant local(instant t) const { return t + offset_at(t).offset; } ///< local time as if it were UTC
    int year_of(instant t) const;                                      ///< of the local date

private:
    offset_change const& offset_at(instant t) const;
    instant utc(instant local) const; ///< the first instant that has this local time; where none has, the change
    time_span hour_window(instant t) const;

    std::vector<offset_change> changes_;
    instant production_start_;
};

} // namespace kilnwatt::energy
