#include "drivers/stuck_watch.hpp"

#include <cmath>

namespace kilnwatt::drivers {

bool stuck_watch::judge(stuck_rule const& rule, double resolution, double value, std::optional<double> companion,
                        mono_time now)
{
    auto const must_move = companion && std::abs(*companion) > rule.above;
    auto const moved = std::abs(value - still_) > resolution;
    if (!since_ || moved || !must_move) {
        still_ = value;
        since_ = must_move ? std::optional{now} : std::nullopt;
        is_stuck_ = false;
        return false;
    }
    is_stuck_ = now - *since_ >= rule.after;
    return is_stuck_;
}

} // namespace kilnwatt::drivers
