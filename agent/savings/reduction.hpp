#pragma once

#include <span>

/// Arithmetic of claims over years (ISO 50006, GB/T 2589-2020). All figures are fractions; NaN for a base that is not
/// above 0, a count of years below 1, or a reduction of 1 and more where a rate is asked for.
namespace kilnwatt::savings {

/// 1 - end / base: how far a figure (kgce/t, kWh/m3) fell. Also ISO 50006's improvement (EnB - EnPI) / EnB.
double reduction(double base, double end);

/// R = 1 - product(1 - r_i): yearly reductions multiply, they never add.
double chained_reduction(std::span<double const> yearly);

/// Mean annual rate of a cumulative reduction over `years`: 1 - (1 - R)^(1/N).
double annual_rate(double cumulative, int years);

/// What is left of `base` after a reduction.
double after_reduction(double base, double fraction);

/// Achieved reduction over target reduction.
double target_progress(double base, double now, double target);

/// Absolute reduction of energy when energy per unit fell by `per_unit` and throughput rose by `throughput`.
double absolute_reduction(double per_unit, double throughput);

/// util.energy, util.material: relative change of work per input to the base, + is better. util.opex: change of cost.
double utilisation_change(double base_input_per_work, double input_per_work);
double relative_change(double base, double now);

} // namespace kilnwatt::savings
