#pragma once

#include "agent/report/chart.hpp"
#include "agent/report/site_report.hpp"
#include "agent/report/words.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::report {

/// The pictures of a report with the keys of their headings, see label(): energy by source, load profile, energy bought
/// by tariff period, and of a month or year energy per product. One without a number is left out.
std::vector<std::pair<std::string_view, chart>> charts_of(site_report const& r, energy::calendar const& c, language l);

} // namespace kilnwatt::report
