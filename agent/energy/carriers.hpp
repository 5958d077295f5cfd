#pragma once

#include "agent/energy/quantity.hpp"

#include <span>

namespace kilnwatt::energy {

/// What was bought of one energy carrier, and what a unit of it stands for (kgce or kg CO2).
struct carrier_use {
    quantity amount;
    double coefficient = 0;
};

/// Sum over the carriers; as complete as the least known of them.
quantity carrier_sum(std::span<carrier_use const> uses);

} // namespace kilnwatt::energy
