#pragma once

#include "agent/energy/window_grid.hpp"

namespace kilnwatt::energy {

inline constexpr instant hold_min = 3'000;
inline constexpr instant hold_max = 300'000;
inline constexpr instant hold_first = 30'000; ///< before a second reading tells the period
inline constexpr instant hold_periods = 3;

/// Learns the poll period of a point from the spacing of its readings. The first spacing is taken at once; another one
/// counts when it is seen twice in a row (within a quarter), so that neither an outage nor a reading that somebody
/// asked for changes the period.
struct sample_period {
    instant period = 0;    ///< ms; 0 = unknown
    instant candidate = 0; ///< the last spacing that did not fit

    void saw(instant spacing);

    /// How long a value may stand without a new one, ms.
    instant max_hold() const;
};

} // namespace kilnwatt::energy
