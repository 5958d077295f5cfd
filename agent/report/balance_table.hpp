#pragma once

#include "agent/report/stored_period.hpp"

namespace kilnwatt::report {

/// The energy balance of a period as a table: sources on one side, uses on the other, and what is left over.
struct balance_table {
    struct line {
        std::string_view what;     ///< figure: "pv.e", "grid.e_imp", ...; metered_loads for the loads with a meter
        std::optional<double> kwh; ///< none: not enough is known
        quality q = quality::no_data;
    };
    std::vector<line> sources;
    std::vector<line> uses;
    std::optional<double> in, out;  ///< kWh; sums of the two sides
    std::optional<double> residual; ///< in - out, kWh: loads without a meter, or a meter that is wrong
    double share = 0;               ///< |residual| of the larger side; 0 when nothing flows

    bool empty() const { return sources.empty(); }
};

inline constexpr std::string_view metered_loads = "site.e_metered";

balance_table balance_of(stored_period const& p);

} // namespace kilnwatt::report
