#include "agent/savings/motor_split.hpp"

#include <cmath>

namespace kilnwatt::savings {

motor_split split_saving(double saving, double eta_before, double eta_after)
{
    motor_split s;
    auto const left_by_motor = eta_before / eta_after;
    auto const left_by_speed = (1 - saving) / left_by_motor;
    s.efficiency = 1 - left_by_motor;
    s.demand = saving - s.efficiency;
    s.speed_proportional = left_by_speed;
    s.speed_cubic = std::cbrt(left_by_speed);
    return s;
}

bool implausible(double saving, double speed_ratio)
{
    return saving > saving_without_speed_change_max && std::abs(speed_ratio - 1) < 0.02;
}

} // namespace kilnwatt::savings
