#pragma once

#include "agent/savings/baseline.hpp"

#include <string>
#include <vector>

namespace kilnwatt::savings {

/// What changed beside the measure (a new shift, another product): added to the model's energy, with its reason.
struct adjustment {
    double energy = 0; ///< in the baseline's unit, over the whole report; + raises the adjusted baseline
    std::string reason;
};

struct report_period {
    period measured;
    double adjusted = 0;       ///< the model's energy for its drivers
    bool extrapolated = false; ///< a driver lies beyond 90 to 110 % of the baseline's range
};

/// Savings of a report against a baseline (IPMVP option B, ASHRAE Guideline 14): what the old plant would have used for
/// the same work, less what was used.
struct adjusted_savings {
    std::vector<report_period> periods;
    double baseline_energy = 0; ///< sum of the model with the adjustments
    double actual_energy = 0;
    double saved = 0;       ///< baseline_energy - actual_energy
    double fraction = 0;    ///< saved / baseline_energy
    double confidence = 0;  ///< two-sided
    double t = 0;           ///< Student's t of the confidence at n - p degrees of freedom
    double uncertainty = 0; ///< of the saving, as a fraction of it; infinite without a saving
    std::size_t extrapolated = 0;

    /// How the mean period changed, which is no saving when the work changed too: fractions, + is a reduction.
    double absolute_reduction = 0;
    double per_unit_reduction = 0; ///< of energy per unit of the first driver; 0 without a driver
    double work_change = 0;        ///< of the first driver, + is more
};

/// `periods` in order of time, each with its numbers (leave out those that miss one: they belong to neither sum).
/// Uncertainty U = t 1.26 CV sqrt((1 + 2/n)/m) / F (no autocorrelation). Confidence lies in (0, 1).
adjusted_savings savings_of(baseline const& b, std::vector<period> const& periods,
                            std::vector<adjustment> const& adjustments, double confidence);

/// Every reason why the figures prove no saving, a sentence each; empty when they may be published as savings.
std::vector<std::string> refusals_of(baseline const& b, adjusted_savings const& s);

/// What a reader must know beside the figures (extrapolation, autocorrelation), a sentence each.
std::vector<std::string> cautions_of(baseline const& b, adjusted_savings const& s);

} // namespace kilnwatt::savings
