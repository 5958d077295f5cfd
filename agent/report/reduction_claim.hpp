#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/entries/entry_book.hpp"
#include "agent/report/stored_period.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// Energy per product of a year or a month, and what it was made from.
struct intensity {
    std::string label;   ///< "2023", "2023-05"
    double value = 0;    ///< kgce per unit of product
    std::string unit;    ///< "kgce/t"
    std::string sources; ///< "stored windows", or what was entered with source and author
    std::set<std::string> carriers{}; ///< that were entered; none: measured
};

/// How far the energy per unit of product fell from a base year, or a month from the same one of a base year: a claim
/// names its base and the number of years, since the same cumulative reduction is another rate a year with another
/// base.
struct reduction_claim {
    intensity base;
    intensity end;
    int years = 0;         ///< N = end - base
    double cumulative = 0; ///< 1 - end / base
    double yearly = 0;     ///< 1 - (1 - cumulative)^(1/N)

    /// util.energy, util.material, util.opex: change to the base, of the ones both periods have.
    struct change {
        std::string name;
        double value = 0; ///< fraction
        std::string sources;
    };
    std::vector<change> changes;
};

/// What was entered for the period goes before what was measured. `stored` is its window, if there is one.
/// Nothing and a sentence in `why` when energy or product of the period is missing.
std::optional<intensity> intensity_of(std::string const& label, stored_period const* stored,
                                      entries::entry_book const& typed, energy::plant_model const& plant,
                                      std::string& why);

/// Of two years, or of the same month of two years.
std::optional<reduction_claim> claim_of(intensity base, intensity end, entries::entry_book const& typed,
                                        std::string& why);

} // namespace kilnwatt::report
