#pragma once

#include "agent/savings/baseline.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::savings {

/// A frozen baseline as it is stored; every digit is kept.
std::string to_json(baseline const& b);

/// Nothing for a text that is no baseline.
std::optional<baseline> baseline_from_json(std::string_view text);

} // namespace kilnwatt::savings
