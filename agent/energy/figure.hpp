#pragma once

#include "agent/energy/load_steps.hpp"
#include "agent/energy/quantity.hpp"
#include "agent/energy/value_spread.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Denominators below which a ratio means nothing, for a quarter of an hour, an hour, and a day and longer. Shorter
/// periods have their part of the quarter's.
struct figure_floor {
    double quarter = 0;
    double hour = 0;
    double day = 0;
    double rate = 0; ///< an hour, however long the period; the larger of both counts

    double of(instant length) const;
};

/// The same floors for a denominator in another unit.
constexpr figure_floor scaled(figure_floor f, double by)
{
    return {f.quarter * by, f.hour * by, f.day * by, f.rate * by};
}

/// kWh of a machine that runs at `kw`; a day needs an hour of it.
constexpr figure_floor power_floor(double kw)
{
    return {kw / 4, kw, kw};
}

/// What a figure may be. Beyond, it is bad where it cannot be so (out_of_range: a sensor errs) and has no value, or
/// kept in doubt where it can (engineering_range).
struct figure_range {
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();
    quality beyond = quality::out_of_range;
};

inline constexpr figure_range efficiency_range{0, 100, quality::engineering_range}; ///< %

inline constexpr instant day_min = 23 * hour; ///< no day is shorter
inline constexpr instant month_min = 28 * 24 * hour - hour;
inline constexpr instant month_max = 31 * 24 * hour + hour;

/// One figure (KPI) over an interval, kept as sums that add up over time, so that a quarter of an hour is never an
/// average of ratios.
struct figure {
    enum class kind : std::uint8_t {
        total,        ///< numerator
        residual,     ///< the same; denominator is the size of the balance it is the rest of
        mean,         ///< numerator / denominator, the denominator in hours
        largest,      ///< the largest numerator of all parts
        power_factor, ///< of numerator (active) and denominator (reactive) energy
        imbalance,    ///< % of |numerator|, sources less uses, in the larger side; the denominator is the sources
        european,     ///< weighted efficiency of `steps`, %
        cec,          ///< the same with other weights
        percentile,   ///< what `spread` did not exceed for 95 % of the time
        ratio,        ///< factor * numerator / denominator, over the minutes in which both are whole
    };

    std::string name;
    std::string unit;
    kind what = kind::total;
    double factor = 1;
    figure_floor floor;
    instant shortest = 0; ///< ms; not published for shorter periods
    instant longest = 0;  ///< ms; not published for longer ones; 0 = for all
    figure_range range;
    double step_most = 0; ///< of the denominator from minute to minute in a quarter that counts; 0 = any

    double numerator = 0;
    double denominator = 0;
    double last = std::numeric_limits<double>::quiet_NaN(); ///< denominator of the last minute; NaN = not sure
    std::optional<instant> at;   ///< of a largest: when it was; 0 = never; nothing = nobody asks
    bool by_reading_day = false; ///< of a month: of the one that the supplier's meter reading ends, see billing_month
    bool unsteady = false;                                  ///< it stepped further: the quarter says nothing
    std::vector<instant> covered; ///< ms, one a part
    std::vector<instant> since;   ///< as in quantity
    instant dubious = 0;          ///< ms with an uncertain value
    quality q = quality::good;
    quality cause = quality::good;
    method how = method::counter;
    std::vector<load_steps> steps; ///< of a weighted efficiency: one
    std::vector<value_spread> spread; ///< of a percentile: one
};

struct figure_value {
    double value = 0;
    bool known = false;
    quality q = quality::no_data;
    double coverage = 0;
    double partial = 0; ///< of a total: the sum of what is known, also when that is too little for a value
    method how = method::counter;
    std::optional<instant> at; ///< when it was, of one that says so
};

figure total(std::string name, std::string unit, quantity const& amount);
figure residual(std::string name, std::string unit, quantity const& amount, double size);
figure mean(std::string name, std::string unit, quantity const& mean);

struct ratio_terms {
    double factor = 1;
    figure_floor floor;
    instant shortest = 0;
    figure_range range;
    double step_most = 0; ///< see figure
};
figure ratio(std::string name, std::string unit, quantity const& numerator, quantity const& denominator, ratio_terms t);

/// The largest of several values of one quantity; with the factor -1 the smallest, of the negated values.
figure largest(std::string name, std::string unit, quantity const& value, double factor = 1);

figure power_factor(std::string name, quantity const& active, quantity const& reactive);

/// Efficiency weighted over loads; `seen` tells how much is known.
figure weighted_efficiency(std::string name, efficiency_weights w, load_steps const& steps, quantity const& seen);

/// What the means of the minutes did not exceed for 95 % of the time, 0 to 100.
figure percentile_95(std::string name, std::string unit, quantity const& mean);

/// How far sources and uses differ: |residual| of the larger side, %. Above 5 % it is uncertain: balance_error.
figure imbalance(std::string name, quantity const& residual, quantity const& sources);

/// The figure, published for periods of `shortest` ms and longer only.
figure from(instant shortest, figure f);

/// The figure, published for months only, and with the days that the supplier counts as one.
figure of_a_month(figure f);

/// The figure, with what it may be.
figure within(figure_range range, figure f);

/// The figure, in doubt for this reason however long the period is that it belongs to.
figure doubted(quality why, figure f);

/// Adds the figures of the next minute to those of its quarter of an hour, by name.
void append(std::vector<figure>& sums, std::vector<figure> const& next);

/// Adds the figures of the quarter that begins at `start` to those of a longer period: energy of a gap inside the
/// period belongs to it without doubt, that of a gap from before does not.
void append_quarter(std::vector<figure>& sums, std::vector<figure> const& next, instant start, instant period_start);

figure_value finish(figure const& f, instant length);

void save(byte_writer& w, figure const& f);
void load(byte_reader& r, figure& f);

} // namespace kilnwatt::energy
