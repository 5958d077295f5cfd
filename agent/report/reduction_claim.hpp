#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/entries/entry_book.hpp"
#include "agent/report/stored_period.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// Energy per product of one year, and what it was made from.
struct yearly_intensity {
    int year = 0;
    double value = 0;    ///< kgce per unit of product
    std::string unit;    ///< "kgce/t"
    std::string sources; ///< "stored windows", or what was entered with source and author
    std::set<std::string> carriers{}; ///< that were entered; none: measured
};

/// How far the energy per unit of product fell from a base year: a claim names its base and the number of years, since
/// the same cumulative reduction is another rate a year with another base.
struct reduction_claim {
    yearly_intensity base;
    yearly_intensity end;
    int years = 0;         ///< N = end - base
    double cumulative = 0; ///< 1 - end / base
    double yearly = 0;     ///< 1 - (1 - cumulative)^(1/N)

    /// util.energy, util.material, util.opex: change to the base year, of the ones both years have.
    struct change {
        std::string name;
        double value = 0; ///< fraction
        std::string sources;
    };
    std::vector<change> changes;
};

/// What was entered for the year goes before what was measured. `stored` is the year's window, if there is one.
/// Nothing and a sentence in `why` when energy or product of the year is missing.
std::optional<yearly_intensity> intensity_of(int year, stored_period const* stored, entries::entry_book const& typed,
                                             energy::plant_model const& plant, std::string& why);

std::optional<reduction_claim> claim_of(yearly_intensity base, yearly_intensity end, entries::entry_book const& typed,
                                        std::string& why);

} // namespace kilnwatt::report
