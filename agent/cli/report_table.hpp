#pragma once

#include "agent/cli/table.hpp"
#include "agent/report/report_lines.hpp"

#include <vector>

namespace kilnwatt::cli {

/// Lines of a report with the columns that all its sections have.
table table_of(std::vector<report::report_line> const& lines);

} // namespace kilnwatt::cli
