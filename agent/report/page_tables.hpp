#pragma once

#include "agent/report/site_report.hpp"
#include "agent/report/words.hpp"

#include <string>

namespace kilnwatt::report {

/// Sections of the page; "" for one that the report has nothing for.
std::string carriers_section(site_report const& r, language l);   ///< in their units and as coal equivalent
std::string comparison_section(site_report const& r, language l); ///< with the period before
std::string completeness_section(site_report const& r, language l);
std::string balance_section(site_report const& r, language l);
std::string tariff_section(site_report const& r, language l);
std::string target_section(site_report const& r, language l);
std::string reduction_section(site_report const& r, language l);
std::string savings_section(site_report const& r, language l); ///< of each frozen baseline, or why none is claimed
std::string figures_section(site_report const& r, language l); ///< of the plant, then of single devices
std::string entries_section(site_report const& r, language l); ///< what people entered
std::string coefficients_section(site_report const& r, language l);
std::string events_section(site_report const& r, energy::calendar const& c, language l);

} // namespace kilnwatt::report
