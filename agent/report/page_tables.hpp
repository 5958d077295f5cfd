#pragma once

#include "agent/report/site_report.hpp"
#include "agent/report/words.hpp"

#include <string>

namespace kilnwatt::report {

/// Sections of the page; "" for one that the report has nothing for.
std::string balance_section(site_report const& r, language l);
std::string tariff_section(site_report const& r, language l);
std::string target_section(site_report const& r, language l);
std::string reduction_section(site_report const& r, language l);
std::string figures_section(site_report const& r, language l); ///< of the plant, then of single devices
std::string coefficients_section(site_report const& r, language l);
std::string events_section(site_report const& r, energy::calendar const& c, language l);

} // namespace kilnwatt::report
