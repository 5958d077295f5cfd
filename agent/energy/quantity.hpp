#pragma once

#include "agent/energy/device_window.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kilnwatt::energy {

/// One quantity of the plant over one minute: an amount (kWh, m3) or a mean (kW), made of parts that are each known for
/// some of the time. Sums and differences keep the parts, so that a total knows how complete it is. Default-constructed
/// it is nothing: the plant has no such thing.
struct quantity {
    double value = 0;             ///< of the parts that are known
    std::vector<instant> covered; ///< ms for which each part is known; more than the minute when it carries a gap
    /// When each part begins that carries a gap from before the quarter (its covered holds none of that); instant_max
    /// or nothing for the others.
    std::vector<instant> since;
    instant again = 0;             ///< ms more that a mean stands for, because the wall clock went back in the minute
    quality q = quality::good;     ///< worst of the known parts
    quality cause = quality::good; ///< why a part is missing
    method how = method::counter;
    bool whole = true; ///< every part is known for this minute and no other time: fit for ratios

    bool exists() const { return !covered.empty(); }
    instant least_covered() const;
    instant stands_for() const; ///< ms that a mean is to be weighed with
};

/// A part that should be there and is not.
quantity missing(quality cause);

/// A number that is known for the whole minute.
quantity constant(double value);

/// Gain of a counter times `factor`. A gap's energy from before `quarter_start` belongs to no later quarter's coverage.
quantity amount_of(counter_delta const* d, double factor, instant quarter_start, device_window const& w);

/// Time-weighted mean of a gauge times `factor`.
quantity mean_of(gauge_summary const* g, double factor, device_window const& w);

/// A mean as the amount of the time it is known for: kW become kWh.
quantity over_a_minute(quantity mean);

quantity operator+(quantity a, quantity const& b);
quantity operator-(quantity a, quantity const& b);
quantity operator*(quantity a, double factor);

/// What a function of several quantities is worth: as complete and as good as the worst of them; out_of_range when the
/// value is no number.
quantity derived(double value, std::span<quantity const> inputs, method how);

} // namespace kilnwatt::energy
