#pragma once

#include "agent/report/report_lines.hpp"
#include "agent/savings/motor_split.hpp"

#include <optional>
#include <vector>

namespace kilnwatt::cli {

/// What `kilnwatt savings report` prints, for programs: the claim, its sums, each period and adjustment, and `split` in
/// the columns of `kilnwatt report`.
std::vector<report::report_line> lines_of(report::savings_claim const& c,
                                          std::vector<savings::adjustment> const& adjustments,
                                          std::optional<savings::motor_split> const& split);

} // namespace kilnwatt::cli
