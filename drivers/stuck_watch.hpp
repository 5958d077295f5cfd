#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>

namespace kilnwatt::drivers {

/// When a value that stands still is not believed: another point of the device says that it must move.
struct stuck_rule {
    std::string companion; ///< name of the other point
    double above = 0;      ///< it must move while the companion's magnitude is above this, in its canonical unit
    milliseconds after{30 * 60'000};

    friend bool operator==(stuck_rule const&, stuck_rule const&) = default;
};

/// A point that got stuck, or moves again.
struct stuck_change {
    std::string point;
    std::string companion; ///< says that it must move
    bool stuck = false;
};

/// Watches one point. Pure; the state is the value that stands still and since when the companion has been above
/// its limit without a break.
class stuck_watch {
public:
    /// True while the value is stuck: for `after` it has not moved by more than `resolution`, and the companion was
    /// above its limit all the time. `companion` is absent when its last value was bad: then nothing is known, and the
    /// time begins anew.
    bool judge(stuck_rule const& rule, double resolution, double value, std::optional<double> companion, mono_time now);

    /// As of the last judgement.
    bool is_stuck() const { return is_stuck_; }

private:
    double still_ = 0;
    std::optional<mono_time> since_;
    bool is_stuck_ = false;
};

} // namespace kilnwatt::drivers
