#pragma once

namespace kilnwatt::savings {

/// What of a motor's saving comes from a better motor, and what must come from doing less: fractions of the energy
/// before.
struct motor_split {
    double efficiency = 0;         ///< the better motor alone: 1 - eta_before / eta_after
    double demand = 0;             ///< the rest of the saving
    double speed_proportional = 0; ///< mean speed that explains the rest where P ~ n (constant pressure)
    double speed_cubic = 0;        ///< where P ~ n^3 (fans, centrifugal pumps)
};

/// Efficiencies are fractions above 0; saving is below 1.
motor_split split_saving(double saving, double eta_before, double eta_after);

inline constexpr double saving_without_speed_change_max = 0.10;

/// A saving above 10 % while the speed stayed within 2 % cannot come from a motor.
bool implausible(double saving, double speed_ratio);

} // namespace kilnwatt::savings
