#pragma once

#include <string_view>

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

/// Nominal efficiency, 0..1, of a 4-pole motor at 50 Hz of a class "IE1" to "IE5" (IEC 60034-30-1 and -2; classes 3, 4
/// and 5 are grades 3, 2 and 1 of GB 18613-2020). Sizes between those listed are interpolated over log(kW), sizes
/// beyond them count as the nearest. 0 for an unknown class or no power.
double nominal_efficiency(double rated_w, std::string_view efficiency_class);

} // namespace kilnwatt::energy
