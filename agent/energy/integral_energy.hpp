#pragma once

#include "agent/energy/device_window.hpp"
#include "core/role.hpp"

#include <optional>
#include <string_view>

namespace kilnwatt::energy {

/// Gives a device that has a power (or a flow) but no counter for it the integral in the counter's place, under the
/// counter's name and with method::integral. The first counter of a rule is the name; one that was ever read, or one of
/// its synonyms, wins over the integral.
void add_integrals(device_window& w, role what);

/// The integral of the power (or flow) that a counter of the window counts; nothing where the device measures none.
std::optional<counter_delta> integral_beside(device_window const& w, role what, std::string_view counter);

} // namespace kilnwatt::energy
