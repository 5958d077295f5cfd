#pragma once

#include "agent/energy/plant_model.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::report {

/// A number that a figure was multiplied with, and where it comes from.
struct coefficient {
    std::string what; ///< "electricity", "natural_gas", "tariff.peak", ...
    double value = 0;
    std::string unit;
    std::string source;
};

/// Those of the plant's figures of a year: energy carriers, emissions, prices. The grid's emission factor is the one
/// that counts in that year, and says so when it is of another.
std::vector<coefficient> coefficients_of(energy::plant_model const& plant, int year);

/// What a canonical unit of a bought carrier (entries::units_for) counts as, kgce; nothing for what is no carrier. The
/// plant's own coefficients go before the defaults of GB/T 2589-2020.
std::optional<coefficient> carrier_coefficient(energy::plant_model const& plant, std::string_view item);

} // namespace kilnwatt::report
