#pragma once

#include "agent/energy/device_window.hpp"
#include "core/role.hpp"

namespace kilnwatt::energy {

/// Gives a device that has a power (or a flow) but no counter for it the integral in the counter's place, under the
/// counter's name and with method::integral. The first counter of a rule is the name; one that was ever read, or one of
/// its synonyms, wins over the integral.
void add_integrals(device_window& w, role what);

} // namespace kilnwatt::energy
