#include "simulator/motor.hpp"

#include <numbers>

namespace kilnwatt::simulator {
namespace {

constexpr double drive_idle_w = 60.0;
constexpr double drive_fixed_share = 0.004;  ///< of the rating while it runs
constexpr double drive_linear_share = 0.018; ///< of its output

double radians_per_second(double rpm)
{
    return rpm * 2.0 * std::numbers::pi / 60.0;
}

} // namespace

double rated_torque(motor_plate const& plate)
{
    return plate.rated_w / radians_per_second(plate.rated_rpm);
}

motor_state run_motor(motor_plate const& plate, double speed_rpm, double torque_nm)
{
    motor_state out{.input_w = drive_idle_w};
    if (speed_rpm <= 0)
        return out;
    auto const loss_at_rating = plate.rated_w * (1.0 / plate.rated_efficiency - 1.0);
    auto const load = torque_nm / rated_torque(plate);
    auto const loss =
        loss_at_rating * (plate.fixed_share * speed_rpm / plate.rated_rpm + (1.0 - plate.fixed_share) * load * load);
    out.speed_rpm = speed_rpm;
    out.torque_nm = torque_nm;
    out.shaft_w = torque_nm * radians_per_second(speed_rpm);
    out.motor_w = out.shaft_w + loss;
    out.input_w = out.motor_w * (1.0 + drive_linear_share) + drive_fixed_share * plate.rated_w + drive_idle_w;
    return out;
}

} // namespace kilnwatt::simulator
