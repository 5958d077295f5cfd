#pragma once

#include "agent/energy/plant_view.hpp"

#include <span>
#include <vector>

namespace kilnwatt::energy {

/// What was bought of one energy carrier, and what a unit of it stands for (kgce or kg CO2).
struct carrier_use {
    quantity amount;
    double coefficient = 0;
};

/// Sum over the carriers; as complete as the least known of them.
quantity carrier_sum(std::span<carrier_use const> uses);

/// What a device with a fuel meter took of its carrier, in the carrier's unit: from its counter of volume, mass or
/// heat.
quantity carrier_amount(plant_view const& v, std::size_t device);

/// The carrier that a fuel meter counts or a boiler burns.
bought_carrier carrier_of(plant_view const& v, std::size_t device);

/// A metered carrier of the plant and what was bought of it.
struct metered_carrier {
    bought_carrier what;
    quantity amount;
};

/// Of fuel meters and boilers, each only where none of them is above it in the tree of meters.
std::vector<metered_carrier> metered_carriers(plant_view const& v);

} // namespace kilnwatt::energy
