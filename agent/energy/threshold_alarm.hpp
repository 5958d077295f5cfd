#pragma once

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/window_grid.hpp"

namespace kilnwatt::energy {

/// Beyond is above `limit`, or below it.
struct threshold {
    bool above = true;
    double limit = 0;
    double hysteresis = 0; ///< not negative; so far on the other side of the limit the alarm ends
    instant delay = 0;     ///< ms beyond the limit before the alarm is raised
};

/// One alarm over its values, after the on-delay and deadband of ISA-18.2. Pure: time comes with the values.
///
/// Raised by the first value that is beyond the limit and comes `delay` or more after the first of an unbroken run of
/// such values; cleared by the first value that is back by the hysteresis. An unknown value says nothing: it neither
/// breaks the run nor ends the alarm. When the clock goes back the run begins again.
class threshold_alarm {
public:
    enum class change { none, raised, cleared };

    /// NaN is unknown.
    change on_value(threshold const& t, double v, instant now) noexcept;
    bool active() const noexcept { return active_; }

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    static constexpr instant unset = -1;

    bool active_ = false;
    instant since_ = unset; ///< first value of the run; once active, when it was raised
};

} // namespace kilnwatt::energy
