#include "agent/savings/adjusted_savings.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace kilnwatt::savings {
namespace {

/// ASHRAE Guideline 14, eq. 4-12: the error of a sum of predictions against that of the fit.
constexpr double prediction_factor = 1.26;

constexpr double lag_1_high = 0.5;

double student_t(double confidence, std::size_t freedom)
{
    boost::math::students_t const distribution{static_cast<double>(freedom)};
    return boost::math::quantile(distribution, 0.5 + confidence / 2);
}

bool extrapolates(baseline const& b, sample const& s)
{
    for (std::size_t i = 0; i < b.drivers.size(); ++i)
        if (!b.drivers[i].covers(s.drivers[i]))
            return true;
    return false;
}

void compare_means(adjusted_savings& s, baseline const& b, double actual)
{
    auto const m = static_cast<double>(s.periods.size());
    s.absolute_reduction = 1 - actual / m / b.model.mean;
    if (b.drivers.empty() || b.drivers.front().mean == 0)
        return;
    double work = 0;
    for (auto const& p : s.periods)
        work += p.measured.numbers.drivers.front();
    s.work_change = work / m / b.drivers.front().mean - 1;
    if (work != 0)
        s.per_unit_reduction = 1 - actual / work / (b.model.mean / b.drivers.front().mean);
}

} // namespace

adjusted_savings savings_of(baseline const& b, std::vector<period> const& periods,
                            std::vector<adjustment> const& adjustments, double confidence)
{
    adjusted_savings s;
    s.confidence = confidence;
    s.uncertainty = std::numeric_limits<double>::infinity();
    for (auto const& p : periods) {
        report_period r{p, b.model.at(p.numbers.drivers), extrapolates(b, p.numbers)};
        s.baseline_energy += r.adjusted;
        s.actual_energy += p.numbers.energy;
        s.extrapolated += r.extrapolated ? 1 : 0;
        s.periods.push_back(std::move(r));
    }
    for (auto const& a : adjustments)
        s.baseline_energy += a.energy;
    if (s.periods.empty())
        return s;
    s.saved = s.baseline_energy - s.actual_energy;
    s.fraction = s.baseline_energy > 0 ? s.saved / s.baseline_energy : 0;
    compare_means(s, b, s.actual_energy);
    auto const n = static_cast<double>(b.model.points);
    auto const m = static_cast<double>(s.periods.size());
    s.t = student_t(confidence, b.model.points - b.model.parameters());
    if (s.fraction != 0)
        s.uncertainty = s.t * prediction_factor * b.model.cv_rmse * std::sqrt((1 + 2 / n) / m) / std::abs(s.fraction);
    return s;
}

std::vector<std::string> refusals_of(baseline const& b, adjusted_savings const& s)
{
    auto found = defects_of(b);
    if (s.periods.empty()) {
        found.push_back(fmt::format("no {} of the report has both the energy and every driver", to_string(b.length)));
        return found;
    }
    if (s.periods.front().measured.label <= b.last && s.periods.back().measured.label >= b.first)
        found.push_back(fmt::format("the report ({} to {}) overlaps the baseline ({} to {})",
                                    s.periods.front().measured.label, s.periods.back().measured.label, b.first,
                                    b.last));
    else if (s.periods.back().measured.label < b.first)
        found.push_back(
            fmt::format("the report ({} to {}) lies before the baseline ({} to {}): no measure was there yet",
                        s.periods.front().measured.label, s.periods.back().measured.label, b.first, b.last));
    if (s.baseline_energy <= 0)
        found.push_back("the adjusted baseline is not above 0");
    else if (s.saved <= 0)
        found.push_back(fmt::format("nothing was saved: {:.1f} {} were used, {:.1f} {} were to be expected",
                                    s.actual_energy, b.unit, s.baseline_energy, b.unit));
    else if (s.uncertainty >= 1)
        found.push_back(fmt::format("the saving of {:.2f} % is smaller than its uncertainty at {:.0f} % confidence "
                                    "(± {:.0f} % of the saving): it may be none at all; measure longer",
                                    100 * s.fraction, 100 * s.confidence, 100 * s.uncertainty));
    return found;
}

std::vector<std::string> cautions_of(baseline const& b, adjusted_savings const& s)
{
    std::vector<std::string> found;
    std::string labels;
    for (auto const& p : s.periods)
        if (p.extrapolated)
            labels += (labels.empty() ? "" : ", ") + p.measured.label;
    if (s.extrapolated > 0)
        found.push_back(fmt::format("{} of {} {}s ({}): a driver lies outside 90 to 110 % of the baseline's range; the "
                                    "model extrapolates and the saving is uncertain",
                                    s.extrapolated, s.periods.size(), to_string(b.length), labels));
    if (b.model.lag_1 > lag_1_high)
        found.push_back(fmt::format("successive residuals of the baseline are alike (lag-1 autocorrelation {:.2f}): "
                                    "the stated uncertainty is a lower bound",
                                    b.model.lag_1));
    return found;
}

} // namespace kilnwatt::savings
