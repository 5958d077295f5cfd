#pragma once

#include <span>

namespace kilnwatt::energy {

/// Apparent from active and reactive power (or energy), in their unit; exact for sinusoidal quantities.
double apparent_power(double p, double q);

/// P / sqrt(P^2 + Q^2), also of energies over a window (what a tariff assesses); NaN when both are 0.
double power_factor(double p, double q);

/// Active power in W of a balanced three-phase load: line voltage V, current A.
double three_phase_power(double u_line, double current, double pf);

/// Total harmonic distortion, %: harmonics from the second on, in the fundamental's unit.
double total_harmonic_distortion(double fundamental, std::span<double const> harmonics);

/// Largest departure from the mean of three values over that mean, % (NEMA MG-1, line voltages or currents).
double nema_unbalance(double a, double b, double c);

/// Negative-sequence voltage factor of three line voltages, % (IEC 60034-26, GB/T 15543).
double negative_sequence_factor(double u12, double u23, double u31);

} // namespace kilnwatt::energy
