#pragma once

#include "drivers/read_plan.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::meter {

/// "coils", "discrete", "holding" or "input", as profiles write it.
std::string_view name_of(modbus::table t) noexcept;
std::optional<modbus::table> table_of(std::string_view name) noexcept;

/// A whole number, decimal or 0x hexadecimal.
std::optional<unsigned> number_of(std::string_view text) noexcept;

/// "19026", "0x4A52+4", "input:70+2", "coils:0+16": table (holding unless said), wire address, count (1 unless said).
/// Nothing, with the reason in `why`, for anything else or a range beyond 65535.
std::optional<drivers::read_range> range_of_text(std::string_view text, std::string& why);

} // namespace kilnwatt::meter
