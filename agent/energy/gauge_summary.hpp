#pragma once

#include "agent/energy/aggregate_quality.hpp"
#include "agent/energy/window_grid.hpp"

#include <algorithm>
#include <limits>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// What a window knows of a gauge. A commutative monoid: merge() of any split in any order is the same window (sums to
/// rounding), and a default-constructed one changes nothing.
struct gauge_summary {
    double integral = 0; ///< of the held value over time, unit x ms
    double positive = 0; ///< the same of its positive part; integral - positive is the negative part
    instant covered = 0; ///< ms that passed; more than the window has when the wall clock went back inside
    instant seen = 0;    ///< ms of the window itself in which there was a value
    instant dubious = 0; ///< ms of them with an uncertain value
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double first = 0;
    double last = 0;
    instant first_at = std::numeric_limits<instant>::max();
    instant last_at = std::numeric_limits<instant>::min();
    std::uint32_t samples = 0;
    std::uint32_t rises = 0;               ///< times that it went from 0 or below to above
    std::uint32_t unseen_rises = 0;        ///< times that it was above before and after a gap: it may have risen in it
    quality worst = quality::manual_value; ///< of the values used; the neutral element of combined()
    quality missing = quality::good;       ///< why samples were missing; good = none was

    /// The value x stood from `from` to `to`, both inside the window.
    void hold(double x, quality q, instant from, instant to) { ramp(x, x, q, from, to); }
    /// The same for time that the wall clock shows again: the mean weighs it, but it covers nothing more of the window.
    void hold_again(double x, quality q, instant from, instant to);
    /// The value went from a to b on a straight line meanwhile.
    void ramp(double a, double b, quality q, instant from, instant to);
    /// A reading inside the window. It covers nothing by itself: hold() follows when it is known how long it stood.
    void sample(double x, quality q, instant at);
    void missed(quality why) { missing = combined(missing, why); }

    bool empty() const { return samples == 0 && covered == 0 && missing == quality::good; }
    bool has_value() const { return samples != 0 || covered != 0; }
    double mean() const { return integral / static_cast<double>(covered); } ///< NaN when nothing is covered
    double coverage(instant length) const
    {
        return std::min(1.0, static_cast<double>(seen) / static_cast<double>(length));
    }
    /// Of the mean over a window of `length` ms.
    quality quality_of_mean(instant length) const;
};

gauge_summary merge(gauge_summary const& a, gauge_summary const& b);

void save(byte_writer& w, gauge_summary const& s);
void load(byte_reader& r, gauge_summary& s);

} // namespace kilnwatt::energy
