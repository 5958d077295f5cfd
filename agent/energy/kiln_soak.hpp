#pragma once

#include "agent/energy/window_grid.hpp"

#include <cmath>

namespace kilnwatt::energy {

/// Tells the soak step of a firing from its ramps by the set point: it stands, and the kiln is hot.
struct kiln_soak {
    static constexpr instant settled = 5 * minute; ///< so long a set point stands before the soak begins
    static constexpr double still = 0.5;           ///< K; a set point that moves less stands
    static constexpr double hot = 100;             ///< degC; below it nothing is fired

    double set_point = 0; ///< degC, since it moved last
    instant since = -1;   ///< when; -1 = it was never read
    bool holds = false;

    /// A reading of the set point.
    void saw(double t_set, instant at)
    {
        if (since < 0 || at < since || std::abs(t_set - set_point) >= still) {
            set_point = t_set;
            since = at;
        }
        holds = at - since >= settled && t_set >= hot;
    }
};

} // namespace kilnwatt::energy
