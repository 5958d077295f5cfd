#pragma once

#include "agent/savings/adjusted_savings.hpp"
#include "core/quality.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// What a measure saved against one frozen baseline, or why nothing may be claimed: mv.savings, mv.savings_pct and
/// mv.uncertainty.
struct savings_claim {
    savings::baseline base;
    savings::adjusted_savings figures;
    std::vector<std::string> refusals; ///< a sentence each; empty: the figures may be published as savings
    std::vector<std::string> cautions; ///< what a reader must know beside the figures
    quality inputs = quality::good;    ///< the worst of the energy and drivers that were counted
    std::size_t expected = 0;          ///< days or months from the first to the last of the report

    double coverage() const; ///< 0..1: days or months that were counted, of those expected

    /// Nothing for a refusal of data that is there: the reason stands in its place.
    std::optional<quality> q() const;

    /// "baseline pump (2026-03-01 to 2026-03-12), 6 of 31 days", and the reasons or cautions after it.
    std::string origin() const;

    struct figure {
        std::string name;            ///< "mv.savings"
        std::string unit;            ///< the baseline's, kWh as a rule; % of the adjusted baseline; % of the saving
        std::optional<double> value; ///< none: refused
    };
    std::vector<figure> all() const;
};

/// Judges the savings of a report with what they were made of.
savings_claim claim_of(savings::baseline b, savings::adjusted_savings s, quality inputs, std::size_t expected);

} // namespace kilnwatt::report
