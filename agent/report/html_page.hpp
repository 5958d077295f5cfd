#pragma once

#include "agent/report/site_report.hpp"
#include "agent/report/words.hpp"

#include <string>

namespace kilnwatt::report {

/// The report as one page that needs nothing else: its own styles (also for paper), pictures as SVG, no script, no
/// reference to any other place. Well-formed as XML too. `made` says when and by whom, "" = nothing.
std::string html_page(site_report const& r, energy::calendar const& c, language l, std::string const& made);

/// A number as people read it: "12 345", "98.70", "0.812".
std::string readable(double v);

/// A unit as people write it: "kWh/m²" for "kWh/m2", "°C" for "degC".
std::string readable_unit(std::string unit);

} // namespace kilnwatt::report
