#include "simulator/battery.hpp"

#include <algorithm>

namespace kilnwatt::simulator {

double battery::choose(double surplus_w, bool evening_peak)
{
    if (held_s_ == 0) {
        auto const wanted = surplus_w > 0 || evening_peak ? -surplus_w : 0.0; // + = discharge
        target_w_ = std::clamp(wanted, -plate_.power_w, plate_.power_w);
    }
    held_s_ = (held_s_ + 1) % plate_.hold_s;
    // What the cells can take or give in one second without leaving their band.
    auto const room_w = (plate_.soc_max * plate_.capacity_wh - stored_wh_) * 3600.0 / plate_.one_way_efficiency;
    auto const stock_w = (stored_wh_ - plate_.soc_min * plate_.capacity_wh) * 3600.0 * plate_.one_way_efficiency;
    power_w_ = std::clamp(target_w_, -std::max(room_w, 0.0), std::max(stock_w, 0.0));
    return power_w_;
}

double battery::cell_power_w() const
{
    return power_w_ >= 0 ? power_w_ / plate_.one_way_efficiency : power_w_ * plate_.one_way_efficiency;
}

void battery::pass()
{
    stored_wh_ -= cell_power_w() / 3600.0;
}

} // namespace kilnwatt::simulator
