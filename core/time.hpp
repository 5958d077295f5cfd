#pragma once

#include <chrono>
#include <cstdint>

namespace kilnwatt {

using milliseconds = std::chrono::milliseconds;

/// Wall time, UTC, in milliseconds since 1970. Windows and payloads use it; order and durations never do.
using utc_time = std::chrono::time_point<std::chrono::system_clock, milliseconds>;

/// Tag of the agent's monotonic time; there is deliberately no now(): time is an argument.
struct mono_clock {
    using duration = milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<mono_clock, duration>;
    static constexpr bool is_steady = true;
};

/// Milliseconds since this process started its clock. Only comparable within one boot (one run of the agent).
using mono_time = mono_clock::time_point;

/// When something happened, on both clocks.
struct stamp {
    mono_time mono{};
    utc_time utc{};

    friend bool operator==(stamp const&, stamp const&) = default;
};

/// Half-open interval of wall time, [start, end).
struct time_range {
    utc_time start{};
    utc_time end{};

    friend bool operator==(time_range const&, time_range const&) = default;
};

} // namespace kilnwatt
