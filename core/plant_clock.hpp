#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <string>
#include <string_view>

namespace kilnwatt {

/// Which run of the machine (from power on to power off) this process belongs to, so that its monotonic time can be
/// compared with that of another process of the same run.
struct machine_run {
    std::string id;            ///< the kernel's own; "" = not known, as with a clock that does not show machine time
    milliseconds started{0};   ///< the machine's steady time when this process' monotonic time was 0

    friend bool operator==(machine_run const&, machine_run const&) = default;
};

/// The clock of the plant: normally the machine's own, or one that starts elsewhere and runs `rate` times as fast, so
/// that a simulated day is measured in minutes. Agent and simulator given the same text agree on the time.
///
/// The only reader of the system clocks; made in `main`, handed down. Copyable; safe from any thread.
class plant_clock {
public:
    /// The machine's time. Monotonic time starts at 0 here.
    plant_clock();

    /// At machine time `at` the plant shows `start`, and from there runs `rate` times as fast (0 < rate <= 10'000).
    plant_clock(utc_time start, utc_time at, double rate);

    /// "START@AT*RATE" with START and AT in milliseconds since 1970 UTC, for example
    /// "1782000000000@1763900000000*60". Fails with invalid_argument.
    [[nodiscard]] static result<plant_clock> parse(std::string_view text);

    stamp now() const;

    /// The machine's steady time at which the plant's monotonic time will be `t`: what a timer waits for.
    std::chrono::steady_clock::time_point machine_time(mono_time t) const;

    /// Reads the machine's id from /proc.
    machine_run run() const;

    double rate() const { return rate_; }

private:
    std::chrono::steady_clock::time_point steady_origin_;
    std::chrono::system_clock::time_point machine_origin_;
    utc_time plant_origin_;
    double rate_ = 1.0;
};

} // namespace kilnwatt
