#pragma once

#include "agent/report/report_period.hpp"
#include "agent/report/stored_period.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::report {

/// How much of a period is known: what an auditor asks before any figure.
struct completeness {
    std::size_t good = 0, uncertain = 0, missing = 0; ///< figures
    std::size_t parts = 0;                            ///< days or months that have a row
    std::size_t parts_expected = 0;                   ///< 0 = nothing was measured
    std::vector<stored_figure> doubtful;              ///< missing ones first, then uncertain ones
};
completeness completeness_of(span what, stored_period const& whole, std::vector<stored_period> const& parts);

/// A figure beside that of the period before.
struct comparison_line {
    std::string name, unit;
    double now = 0, before = 0;

    /// A share changes by percentage points, all else by % of what it was (not 0).
    bool in_points() const { return unit == "%"; }
    double change() const { return in_points() ? now - before : 100 * (now / before - 1); }
    std::string_view change_unit() const { return in_points() ? "pp" : "%"; }
};
/// The key figures that both periods have.
std::vector<comparison_line> comparison_of(stored_period const& now, stored_period const& before);

} // namespace kilnwatt::report
