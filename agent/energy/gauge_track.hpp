#pragma once

#include "agent/energy/gauge_summary.hpp"
#include "agent/energy/interpolation.hpp"
#include "agent/energy/sample_period.hpp"
#include "agent/energy/window_ring.hpp"
#include "core/time.hpp"

#include <algorithm>

namespace kilnwatt::energy {

/// Readings of one gauge become its one-minute windows: each value stands until the next one, at most max_hold, also
/// into the windows after its own.
///
/// With linear interpolation it moves to the next one instead, if that comes within max_hold and before the window is
/// closed; else it stands too.
///
/// A reading older than the one before it (the wall clock went back) takes its place and is time_uncertain: until the
/// clock has caught up the time that really passed, by the monotonic clock, counts in the mean of the window of the
/// newest reading, which then stands for more than its length. Time that is closed already stays as it was.
class gauge_track {
public:
    explicit gauge_track(std::size_t windows, interpolation between = interpolation::hold)
        : open_{windows}, between_{between}
    {}

    /// Another number of the same moment as the last reading: one of the two is wrong.
    bool contradicts(instant t, double x, mono_time mono) const
    {
        return any_ && t == at_ && mono.time_since_epoch().count() == mono_ && x != x_;
    }

    /// `closed`: all windows that end up to there are closed.
    void on_reading(instant t, double x, quality q, instant closed, mono_time mono);
    /// The monotonic clock of the readings to come is another one.
    void restarted() { mono_ = instant_max; }

    /// A poll that brought no number: the value before it stands on, for max_hold at most.
    void on_missing(instant t, quality why, instant closed);

    /// A poll that was answered, but in which the gauge means nothing: the value before it ends there.
    void on_nothing(instant t) { until_ = std::min(until_, std::max(t, at_)); }

    /// The window that ends at `end`; ends come in order.
    gauge_summary close(instant end);

    void save(byte_writer& w, instant closed) const;
    void load(byte_reader& r, instant closed);

private:
    /// From where it was accounted up to `to` the value stands, or moves by `slope` a ms.
    void stand(instant to, double slope = 0);
    void stand_again(instant span, instant closed);

    window_ring<gauge_summary> open_;
    interpolation between_;
    sample_period period_;
    double x_ = 0;
    quality q_ = quality::good;
    bool any_ = false;
    bool went_back_ = false; ///< the wall clock did, and has not caught up
    instant mono_ = 0;       ///< monotonic time of the last reading, ms; instant_max = of another clock
    instant at_ = 0;        ///< of the last reading
    instant until_ = 0;     ///< how long it may stand
    instant accounted_ = 0; ///< up to here it is in the windows
};

} // namespace kilnwatt::energy
