#include "agent/energy/figure.hpp"

#include "agent/energy/balance_hint.hpp"
#include "agent/energy/electrical_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace kilnwatt::energy {
namespace {

constexpr double ms_per_hour = static_cast<double>(hour);
constexpr double percentile_share = 0.95;
constexpr double rounding = 1e-9;        ///< of a figure at the end of its range
constexpr double residual_share = -0.02; ///< sub-meters above the whole by more than this: the balance does not close

figure make(std::string name, std::string unit, figure::kind what, quantity const& from)
{
    figure f;
    f.name = std::move(name);
    f.unit = std::move(unit);
    f.what = what;
    f.q = from.q;
    f.cause = from.cause;
    f.how = from.how;
    f.covered = {from.least_covered()};
    if (!from.since.empty())
        f.since = {*std::min_element(from.since.begin(), from.since.end())};
    f.dubious = severity_of(f.q) == severity::uncertain ? f.covered.front() : 0;
    return f;
}

/// A counter's step is coarse for a minute, not for the interval that the minutes add up to.
quality over_time(quality q)
{
    return q == quality::low_resolution ? quality::good : q;
}

bool is_known(figure const& f)
{
    return !f.covered.empty() && f.covered.front() > 0;
}

void take_larger(figure& sum, figure const& next)
{
    if (!is_known(next) || (is_known(sum) && sum.numerator >= next.numerator))
        return;
    sum.numerator = next.numerator;
    sum.at = next.at;
}

void add(figure& sum, figure const& next)
{
    if (sum.what == figure::kind::largest)
        take_larger(sum, next);
    else
        sum.numerator += next.numerator;
    sum.denominator += next.denominator;
    sum.unsteady =
        sum.unsteady || next.unsteady || (next.step_most > 0 && std::abs(next.last - sum.last) > next.step_most);
    sum.last = next.last;
    sum.q = combined(sum.q, over_time(next.q));
    sum.cause = combined(sum.cause, next.cause);
    sum.how = std::max(sum.how, next.how);
    sum.dubious += next.dubious;
    for (std::size_t i = 0; i < sum.steps.size() && i < next.steps.size(); ++i)
        sum.steps[i].add(next.steps[i]);
    for (std::size_t i = 0; i < sum.spread.size() && i < next.spread.size(); ++i)
        sum.spread[i].add(next.spread[i]);
    sum.covered.resize(std::max(sum.covered.size(), next.covered.size()), 0);
    for (std::size_t i = 0; i < next.covered.size(); ++i)
        sum.covered[i] += next.covered[i];
    sum.since.resize(std::max(sum.since.size(), next.since.size()), instant_max);
    for (std::size_t i = 0; i < next.since.size(); ++i)
        sum.since[i] = std::min(sum.since[i], next.since[i]);
}

void add_named(std::vector<figure>& sums, std::size_t guess, figure const& f)
{
    auto s = guess < sums.size() && sums[guess].name == f.name
                 ? sums.begin() + static_cast<std::ptrdiff_t>(guess)
                 : std::find_if(sums.begin(), sums.end(), [&](figure const& x) { return x.name == f.name; });
    if (s == sums.end()) {
        sums.push_back(f);
        sums.back().q = over_time(f.q);
    } else {
        add(*s, f);
    }
}

/// A quarter as a part of a period that began at `period_start`.
figure as_part(figure f, instant start, instant period_start)
{
    if (f.unsteady) {
        f.numerator = 0;
        f.denominator = 0;
        f.covered = {0};
        f.unsteady = false;
    }
    f.step_most = 0; // between quarters nothing is compared
    auto doubt = false;
    for (std::size_t i = 0; i < f.since.size() && i < f.covered.size(); ++i) {
        if (f.since[i] >= start)
            continue;
        f.covered[i] += start - std::max(f.since[i], period_start);
        doubt = doubt || f.since[i] < period_start;
    }
    f.since.clear();
    if (doubt) {
        f.dubious += past_doubt;
    } else if (f.q == quality::gap_energy) {
        f.q = quality::good;
        f.dubious = 0;
    }
    return f;
}

double coverage_of(figure const& f, instant length)
{
    if (f.covered.empty() || f.unsteady)
        return 0;
    auto const least = *std::min_element(f.covered.begin(), f.covered.end());
    return std::min(1.0, static_cast<double>(least) / static_cast<double>(length));
}

/// The number itself; nothing where a denominator is below its floor.
std::optional<double> number_of(figure const& f, instant length)
{
    switch (f.what) {
    case figure::kind::total:
    case figure::kind::residual:
        return f.numerator;
    case figure::kind::largest:
        return f.factor * f.numerator;
    case figure::kind::mean:
    case figure::kind::ratio:
        return f.denominator <= 0 || f.denominator < f.floor.of(length)
                   ? std::nullopt
                   : std::optional{f.factor * f.numerator / f.denominator};
    case figure::kind::power_factor:
        return f.numerator == 0 && f.denominator == 0 ? std::nullopt
                                                      : std::optional{power_factor(f.numerator, f.denominator)};
    case figure::kind::european:
    case figure::kind::cec: {
        auto const eu = f.what == figure::kind::european;
        return f.steps.front().efficiency(eu ? efficiency_weights::european : efficiency_weights::cec);
    }
    case figure::kind::percentile:
        return f.spread.front().quantile(percentile_share);
    case figure::kind::imbalance: {
        auto const size = std::max(f.denominator, f.denominator - f.numerator);
        return size <= 0 ? std::nullopt : std::optional{std::abs(f.numerator) / size * 100};
    }
    }
    return std::nullopt;
}

} // namespace

double figure_floor::of(instant length) const
{
    auto const span = static_cast<double>(length);
    auto const by_rate = rate * span / static_cast<double>(energy::hour);
    if (length < energy::quarter)
        return std::max(by_rate, quarter * span / static_cast<double>(energy::quarter));
    if (length < energy::hour)
        return std::max(by_rate, quarter);
    return std::max(by_rate, length < day_min ? hour : day);
}

figure total(std::string name, std::string unit, quantity const& amount)
{
    auto f = make(std::move(name), std::move(unit), figure::kind::total, amount);
    f.numerator = amount.value;
    f.covered = amount.covered;
    f.since = amount.since;
    if (f.cause == quality::meter_replaced) {
        f.q = combined(f.q, quality::inputs_missing);
        f.dubious += past_doubt;
    }
    return f;
}

figure residual(std::string name, std::string unit, quantity const& amount, double size)
{
    auto f = total(std::move(name), std::move(unit), amount);
    f.what = figure::kind::residual;
    f.denominator = size;
    return f;
}

figure mean(std::string name, std::string unit, quantity const& mean)
{
    auto f = make(std::move(name), std::move(unit), figure::kind::mean, mean);
    f.denominator = static_cast<double>(mean.stands_for()) / ms_per_hour;
    f.numerator = mean.value * f.denominator;
    return f;
}

figure ratio(std::string name, std::string unit, quantity const& numerator, quantity const& denominator, ratio_terms t)
{
    quantity const pair[]{numerator, denominator};
    auto const both = derived(0, pair, method::counter);
    auto f = make(std::move(name), std::move(unit), figure::kind::ratio, both);
    f.factor = t.factor;
    f.floor = t.floor;
    f.shortest = t.shortest;
    f.range = t.range;
    f.step_most = t.step_most;
    if (both.whole) {
        f.numerator = numerator.value;
        f.denominator = denominator.value;
        f.last = both.q == quality::low_resolution ? std::nan("") : denominator.value;
    } else {
        f.covered = {0};
        f.since.clear();
        f.dubious = 0;
        f.q = quality::good;
    }
    return f;
}

figure largest(std::string name, std::string unit, quantity const& value, double factor)
{
    auto f = make(std::move(name), std::move(unit), figure::kind::largest, value);
    f.factor = factor;
    f.numerator = value.value;
    return f;
}

figure power_factor(std::string name, quantity const& active, quantity const& reactive)
{
    auto f = ratio(std::move(name), "", active, reactive, {});
    f.what = figure::kind::power_factor;
    f.shortest = quarter;
    return f;
}

figure imbalance(std::string name, quantity const& residual, quantity const& sources)
{
    auto f = ratio(std::move(name), "%", residual, sources, {});
    f.what = figure::kind::imbalance;
    f.shortest = quarter;
    return f;
}

figure weighted_efficiency(std::string name, efficiency_weights w, load_steps const& steps, quantity const& seen)
{
    auto const what = w == efficiency_weights::european ? figure::kind::european : figure::kind::cec;
    auto f = make(std::move(name), "%", what, seen);
    f.shortest = month_min;
    f.steps = {steps};
    return f;
}

figure percentile_95(std::string name, std::string unit, quantity const& mean)
{
    auto f = make(std::move(name), std::move(unit), figure::kind::percentile, mean);
    f.spread.emplace_back().add(mean.value, f.covered.front());
    return f;
}

figure from(instant shortest, figure f)
{
    f.shortest = shortest;
    return f;
}

figure of_a_month(figure f)
{
    f.shortest = month_min;
    f.longest = month_max;
    f.by_reading_day = true;
    return f;
}

figure within(figure_range range, figure f)
{
    f.range = range;
    return f;
}

figure doubted(quality why, figure f)
{
    f.q = combined(f.q, why);
    f.dubious += past_doubt;
    return f;
}

void append(std::vector<figure>& sums, std::vector<figure> const& next)
{
    for (std::size_t i = 0; i < next.size(); ++i)
        add_named(sums, i, next[i]);
}

void append_quarter(std::vector<figure>& sums, std::vector<figure> const& next, instant start, instant period_start)
{
    for (std::size_t i = 0; i < next.size(); ++i)
        add_named(sums, i, as_part(next[i], start, period_start));
}

figure_value finish(figure const& f, instant length)
{
    figure_value v;
    v.how = f.how;
    v.coverage = coverage_of(f, length);
    v.partial = f.numerator;
    if (v.coverage == 0) {
        v.q = severity_of(f.cause) == severity::bad ? f.cause : quality::coverage_too_low;
        return v;
    }
    v.q = graded(weighed(f.q, f.dubious, length), v.coverage);
    if (severity_of(v.q) == severity::bad)
        return v;
    auto const value = number_of(f, length);
    if (!value) {
        v.q = quality::denominator_low;
        return v;
    }
    v.value = *value;
    v.at = f.at;
    if (f.what == figure::kind::imbalance && v.value > balance_warning * 100)
        v.q = combined(v.q, quality::balance_error);
    if (f.what == figure::kind::residual && f.numerator < residual_share * f.denominator)
        v.q = combined(v.q, quality::balance_error);
    if (!std::isfinite(v.value))
        v.q = quality::out_of_range;
    else if (v.value < f.range.least - rounding || v.value > f.range.most + rounding)
        v.q = combined(v.q, f.range.beyond);
    v.known = severity_of(v.q) != severity::bad;
    return v;
}

} // namespace kilnwatt::energy
