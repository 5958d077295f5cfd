#pragma once

namespace kilnwatt::energy {

/// A machine below this share of its rated power has no meaningful efficiency.
inline constexpr double motor_load_floor = 0.25;

inline constexpr double drive_load_floor = 0.05; ///< the same of a drive's input

/// Power at the shaft, W, from torque in N.m and speed in rpm.
double shaft_power(double torque, double speed);

/// N.m for one percent of a drive's torque scale (percent of the motor's rated torque).
double torque_per_percent(double rated_w, double rated_rpm);

/// Share of its rated load by slip, 0..; synchronous, rated and present speed in rpm. Good to a fifth.
double slip_load(double synchronous, double rated, double speed);

} // namespace kilnwatt::energy
