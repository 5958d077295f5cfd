#include "agent/energy/electrical_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace kilnwatt::energy {

double apparent_power(double p, double q)
{
    return std::hypot(p, q);
}

double power_factor(double p, double q)
{
    auto const s = std::hypot(p, q);
    return s > 0 ? p / s : std::numeric_limits<double>::quiet_NaN();
}

double three_phase_power(double u_line, double current, double pf)
{
    return std::numbers::sqrt3 * u_line * current * pf;
}

double total_harmonic_distortion(double fundamental, std::span<double const> harmonics)
{
    auto squares = 0.0;
    for (auto const h : harmonics)
        squares += h * h;
    return 100 * std::sqrt(squares) / fundamental;
}

double nema_unbalance(double a, double b, double c)
{
    auto const mean = (a + b + c) / 3;
    return 100 * std::max({std::abs(a - mean), std::abs(b - mean), std::abs(c - mean)}) / mean;
}

double negative_sequence_factor(double u12, double u23, double u31)
{
    auto const a = u12 * u12;
    auto const b = u23 * u23;
    auto const c = u31 * u31;
    auto const beta = (a * a + b * b + c * c) / ((a + b + c) * (a + b + c));
    auto const root = std::sqrt(std::max(0.0, 3 - 6 * beta));
    return 100 * std::sqrt(std::max(0.0, (1 - root) / (1 + root)));
}

} // namespace kilnwatt::energy
