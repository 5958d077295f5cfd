#pragma once

namespace kilnwatt::simulator {

struct motor_plate {
    double rated_w = 0; ///< shaft
    double rated_rpm = 0;
    double rated_efficiency = 0; ///< 0..1, of the efficiency class
    double fixed_share = 0.35;   ///< of the losses at rated load that do not depend on the load
};

/// One motor with its drive at one moment.
struct motor_state {
    double speed_rpm = 0;
    double torque_nm = 0;
    double shaft_w = 0;
    double motor_w = 0; ///< electrical input of the motor = output of the drive
    double input_w = 0; ///< electrical input of the drive = what the meter on the feeder sees
};

double rated_torque(motor_plate const& plate);

/// Losses grow with the square of the torque; iron and friction losses with the speed. The drive takes 60 W at rest.
motor_state run_motor(motor_plate const& plate, double speed_rpm, double torque_nm);

} // namespace kilnwatt::simulator
