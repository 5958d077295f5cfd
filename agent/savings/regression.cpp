#include "agent/savings/regression.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kilnwatt::savings {
namespace {

using matrix = Eigen::MatrixXd;
using vector = Eigen::VectorXd;
using index = Eigen::Index;

/// Columns are centred and brought to length one, so that a driver in kg and one in degC weigh the same in the rank.
struct scaled_drivers {
    matrix x;
    vector mean;
    vector length;
};

scaled_drivers scale(matrix x)
{
    scaled_drivers s;
    s.mean = x.colwise().mean();
    x.rowwise() -= s.mean.transpose();
    s.length = x.colwise().norm();
    for (index c = 0; c < x.cols(); ++c)
        if (s.length[c] > 0)
            x.col(c) /= s.length[c];
    s.x = std::move(x);
    return s;
}

bool finite(std::span<sample const> samples, std::size_t drivers)
{
    return std::all_of(samples.begin(), samples.end(), [&](sample const& s) {
        return s.drivers.size() == drivers && std::isfinite(s.energy) &&
               std::all_of(s.drivers.begin(), s.drivers.end(), [](double v) { return std::isfinite(v); });
    });
}

double lag_1(vector const& e)
{
    auto const all = e.squaredNorm();
    return all > 0 ? e.head(e.size() - 1).dot(e.tail(e.size() - 1)) / all : 0;
}

coefficient coefficient_of(double value, double error)
{
    auto const t = error > 0 ? value / error : std::copysign(std::numeric_limits<double>::infinity(), value);
    return {value, error, t};
}

/// Sums of squares below this share of the total are rounding.
constexpr double nothing = 1e-24;

} // namespace

double regression::at(std::span<double const> drivers) const
{
    auto e = coefficients.front().value;
    for (std::size_t i = 0; i < drivers.size(); ++i)
        e += coefficients[i + 1].value * drivers[i];
    return e;
}

std::optional<regression> fit(std::span<sample const> samples, std::string& why)
{
    auto const n = samples.size();
    auto const k = n == 0 ? 0 : samples.front().drivers.size();
    if (n <= k + 1) {
        why = fmt::format("{} periods cannot determine {} coefficients", n, k + 1);
        return std::nullopt;
    }
    if (!finite(samples, k)) {
        why = "a period has no number for the energy or for a driver";
        return std::nullopt;
    }
    auto const rows = static_cast<index>(n);
    auto const cols = static_cast<index>(k);
    matrix raw(rows, cols);
    vector y(rows);
    for (index i = 0; i < rows; ++i) {
        auto const& s = samples[static_cast<std::size_t>(i)];
        y[i] = s.energy;
        for (index c = 0; c < cols; ++c)
            raw(i, c) = s.drivers[static_cast<std::size_t>(c)];
    }
    auto const mean = y.mean();
    vector const centred = y.array() - mean;
    auto const total = centred.squaredNorm();
    if (mean <= 0 || total <= nothing * y.squaredNorm()) {
        why = mean <= 0 ? "the mean energy is not above 0" : "the energy is the same in every period";
        return std::nullopt;
    }
    auto const drivers = scale(raw);
    for (index c = 0; c < cols; ++c)
        if (drivers.length[c] * drivers.length[c] <= nothing * raw.col(c).squaredNorm()) {
            why = fmt::format("driver {} is the same in every period", c + 1);
            return std::nullopt;
        }
    vector slopes(cols);
    matrix unscaled(cols, cols); // covariance of the slopes over the variance
    if (k > 0) {                 // otherwise the model is the mean
        Eigen::ColPivHouseholderQR<matrix> const qr(drivers.x);
        if (qr.rank() < cols) {
            why = "one driver follows from the others: leave one out";
            return std::nullopt;
        }
        slopes = qr.solve(centred);
        unscaled = (drivers.x.transpose() * drivers.x).inverse();
    }

    regression r;
    vector const e = centred - drivers.x * slopes;
    auto const freedom = static_cast<double>(n - k - 1);
    auto const variance = (e.squaredNorm() <= nothing * total ? 0 : e.squaredNorm()) / freedom;
    vector const b = slopes.cwiseQuotient(drivers.length);
    vector const shift = drivers.mean.cwiseQuotient(drivers.length); // b0 = mean - sum b_i mean_i
    auto const b0_variance = variance * (1.0 / static_cast<double>(n) + (k > 0 ? shift.dot(unscaled * shift) : 0.0));
    r.coefficients.push_back(coefficient_of(mean - b.dot(drivers.mean), std::sqrt(b0_variance)));
    for (index c = 0; c < cols; ++c)
        r.coefficients.push_back(coefficient_of(b[c], std::sqrt(variance * unscaled(c, c)) / drivers.length[c]));
    r.points = n;
    r.mean = mean;
    r.r2 = 1 - variance * freedom / total;
    r.cv_rmse = std::sqrt(variance) / mean;
    r.nmbe = e.sum() / (freedom * mean);
    r.lag_1 = lag_1(e);
    return r;
}

} // namespace kilnwatt::savings
