#pragma once

#include "agent/report/site_report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// One line of a report as a table that programs read: every section has the same columns.
struct report_line {
    std::string section; ///< "period", "figure", "entered", "completeness", "comparison", "balance", "tariff",
                         ///< "target", "reduction", "savings", "coefficient", "event"
    std::string name;
    std::optional<double> value;
    std::string unit;
    std::string quality;            ///< as published: "good", "uncertain:low_coverage"
    std::optional<double> coverage; ///< 0..1
    std::string method;             ///< of a figure; of anything else what it is made of
    std::string source;             ///< of a coefficient or of what was entered; the sentence of an event
    std::string at{};               ///< "2026-05-24T16:00:00Z" of a largest value, an event and the period's ends
};

std::vector<report_line> lines_of(site_report const& r);

/// "pump.mv.savings", "pump.mv.savings_pct" and "pump.mv.uncertainty" of section "savings".
std::vector<report_line> lines_of(savings_claim const& c);

} // namespace kilnwatt::report
