#pragma once

#include <cstdint>

namespace kilnwatt::energy {

/// Milliseconds since 1970 UTC. Zone offsets are whole quarters of an hour, so the edges of minutes and of quarters of
/// an hour are the same in UTC and in plant local time.
using instant = std::int64_t;

inline constexpr instant minute = 60'000;
inline constexpr instant quarter = 15 * minute;
inline constexpr instant hour = 60 * minute;

inline constexpr instant instant_max = 253'402'300'800'000; ///< the year 10000; nothing later is a time

/// Start of the window of length `step` that holds `t`; t >= 0.
constexpr instant floor_to(instant t, instant step)
{
    return t - t % step;
}

} // namespace kilnwatt::energy
