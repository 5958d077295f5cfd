#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kilnwatt::savings {

/// One period of a baseline: its energy and the independent variables (drivers) that explain it.
struct sample {
    double energy = 0;
    std::vector<double> drivers;
};

/// Coefficient of a model with its standard error and t = value / error; t is infinite for a fit without residuals.
struct coefficient {
    double value = 0;
    double standard_error = 0;
    double t = 0;
};

/// E = b0 + b1 x1 + ... + bk xk by ordinary least squares, with the statistics of ASHRAE Guideline 14.
struct regression {
    std::vector<coefficient> coefficients; ///< b0 first, then one a driver
    std::size_t points = 0;                ///< n
    double mean = 0;                       ///< of the energy
    double r2 = 0;
    double cv_rmse = 0; ///< sqrt(sum e^2 / (n - p)) / mean; a fraction
    double nmbe = 0;    ///< sum e / ((n - p) mean), e = measured - model; 0 for least squares but for rounding
    double lag_1 = 0;   ///< autocorrelation of successive residuals; points are taken as given in time order

    std::size_t parameters() const { return coefficients.size(); } ///< p
    double at(std::span<double const> drivers) const;              ///< the model's energy
};

/// Fits the model; every sample has as many drivers. Nothing, with the reason in `why`, when there are too few points
/// (n <= p), a number is not finite, the energy or a driver never changes, the mean is not positive, or one driver
/// follows from the others.
std::optional<regression> fit(std::span<sample const> samples, std::string& why);

} // namespace kilnwatt::savings
