#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace kilnwatt::poll {

/// Poll starts fall on common slots, so that many share one wake-up: at human poll rates wake-ups cost more than reads.
inline constexpr milliseconds slot{50};

/// Waits end on multiples of it, so that starts outside the slots (of a period of 120 ms) share wake-ups too. No period
/// is shorter.
inline constexpr milliseconds tick{10};

/// Decides when the points of one class of a device are read next.
///
/// Pure. Starts are at phase + k * period of wall time; the monotonic clock measures the way there, so a step of the
/// wall clock shifts the grid and never causes a burst. A missed slot is skipped and counted, never caught up.
class poll_schedule {
public:
    struct options {
        milliseconds period{1000};
        milliseconds phase{0}; ///< 0 <= phase < period, a multiple of slot
        /// Also read within 5 s before each 15-minute edge of wall time, so that energies of a quarter hour meet there.
        bool before_quarters = false;
    };

    /// The first poll is due at once.
    poll_schedule(options o, stamp start) : options_{o}, due_{start.mono} {}

    mono_time due() const { return due_; }
    milliseconds period() const { return options_.period; }
    std::uint64_t missed() const { return missed_; }

    /// A poll started at `now`: the next slot after it is due.
    void started(stamp now);

    /// Due at once, for a device that is back.
    void hurry(mono_time now) { due_ = now; }

private:
    options options_;
    mono_time due_;
    std::uint64_t missed_ = 0;
};

/// A phase for the n-th schedule that spreads any number of equal periods evenly over the slots of the period.
milliseconds spread_phase(std::size_t n, milliseconds period, milliseconds grid = slot);

} // namespace kilnwatt::poll
