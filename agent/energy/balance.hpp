#pragma once

#include "agent/energy/quantity.hpp"

namespace kilnwatt::energy {

/// What flows into and out of the plant's electrical system in one interval, kWh:
/// pv + imported + discharged + recovered = load + exported + charged + lost.
struct energy_flows {
    quantity pv, imported, discharged, recovered; ///< sources
    quantity exported, charged, lost;             ///< uses besides the load

    quantity sources() const { return pv + imported + discharged + recovered; }
    quantity load_by_balance() const { return sources() - exported - charged - lost; }
};

struct balance_check {
    quantity residual;    ///< sources minus uses, kWh
    double size = 0;      ///< the larger side
    double share() const; ///< |residual| / size; 0 when nothing flows
};

/// Against loads that were measured on their own.
balance_check check_balance(energy_flows const& f, quantity const& loads);

} // namespace kilnwatt::energy
