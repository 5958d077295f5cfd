#include "agent/energy/motor_metrics.hpp"

#include <numbers>

namespace kilnwatt::energy {
namespace {

constexpr double radians_per_s_per_rpm = 2 * std::numbers::pi / 60;

} // namespace

double shaft_power(double torque, double speed)
{
    return torque * speed * radians_per_s_per_rpm;
}

double torque_per_percent(double rated_w, double rated_rpm)
{
    return rated_w / (rated_rpm * radians_per_s_per_rpm) / 100;
}

double slip_load(double synchronous, double rated, double speed)
{
    return (synchronous - speed) / (synchronous - rated);
}

} // namespace kilnwatt::energy
