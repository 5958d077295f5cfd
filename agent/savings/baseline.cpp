#include "agent/savings/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace kilnwatt::savings {
namespace {

constexpr std::array<std::string_view, 3> step_names{"hour", "day", "month"};

std::string percent(double fraction)
{
    return fmt::format("{:.2f} %", 100 * fraction);
}

} // namespace

std::string_view to_string(step s) noexcept
{
    return step_names[static_cast<std::size_t>(s)];
}

std::optional<step> step_from_string(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < step_names.size(); ++i)
        if (step_names[i] == text)
            return static_cast<step>(i);
    return std::nullopt;
}

acceptance acceptance_of(step s) noexcept
{
    switch (s) {
    case step::hour:
        return {0.30, 0.10};
    case step::day:
        return {0.20, 0.075};
    case step::month:
        break;
    }
    return {0.15, 0.05};
}

bool driver::covers(double v) const
{
    auto const low = min * (min > 0 ? range_low : range_high);
    auto const high = max * (max > 0 ? range_high : range_low);
    return v >= low && v <= high;
}

bool fit_baseline(baseline& b, std::vector<period> const& periods, std::string& why)
{
    std::vector<sample> samples;
    samples.reserve(periods.size());
    for (auto const& p : periods)
        samples.push_back(p.numbers);
    auto model = fit(samples, why);
    if (!model)
        return false;
    b.model = std::move(*model);
    b.first = periods.front().label;
    b.last = periods.back().label;
    for (std::size_t i = 0; i < b.drivers.size(); ++i) {
        auto const [low, high] = std::minmax_element(
            samples.begin(), samples.end(), [i](auto const& x, auto const& y) { return x.drivers[i] < y.drivers[i]; });
        b.drivers[i].min = low->drivers[i];
        b.drivers[i].max = high->drivers[i];
        double sum = 0;
        for (auto const& x : samples)
            sum += x.drivers[i];
        b.drivers[i].mean = sum / static_cast<double>(samples.size());
    }
    b.data_hash = data_hash(periods);
    return true;
}

std::vector<std::string> defects_of(baseline const& b)
{
    std::vector<std::string> found;
    auto const& m = b.model;
    auto const limits = acceptance_of(b.length);
    auto const name = to_string(b.length);
    if (m.points < points_min)
        found.push_back(fmt::format("the baseline has {} {}s, at least {} are needed", m.points, name, points_min));
    if (m.cv_rmse > limits.cv_rmse_max)
        found.push_back(fmt::format("CV(RMSE) is {}, at most {} is accepted for {} data", percent(m.cv_rmse),
                                    percent(limits.cv_rmse_max), name));
    if (std::abs(m.nmbe) > limits.nmbe_max)
        found.push_back(fmt::format("NMBE is {}, at most {} is accepted for {} data", percent(m.nmbe),
                                    percent(limits.nmbe_max), name));
    if (m.r2 < r2_min)
        found.push_back(
            fmt::format("R2 is {:.4f}, at least {} is needed: the drivers do not explain the energy", m.r2, r2_min));
    for (std::size_t i = 0; i < b.drivers.size(); ++i)
        if (auto const t = m.coefficients[i + 1].t; std::abs(t) <= t_min)
            found.push_back(
                fmt::format("|t| of {} is {:.2f}, more than {} is needed: leave this driver out or measure longer",
                            b.drivers[i].name, std::abs(t), t_min));
    return found;
}

std::string data_text(std::vector<period> const& periods)
{
    std::string text;
    for (auto const& p : periods) {
        fmt::format_to(std::back_inserter(text), "{},{}", p.label, p.numbers.energy);
        for (auto const x : p.numbers.drivers)
            fmt::format_to(std::back_inserter(text), ",{}", x);
        text += '\n';
    }
    return text;
}

} // namespace kilnwatt::savings
