#pragma once

#include "core/row.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::control {

inline constexpr std::size_t production_bytes_max = 4'096;
inline constexpr double production_max = 1e12; ///< tonnes or pieces; above it a message is nonsense

/// The total that a message carries: the payload as a plain number, or the member `key` of its JSON object
/// ("line.total" for one inside another). 0 to production_max; else nothing and a sentence in `why`. Pure.
std::optional<double> production_total(std::string_view payload, std::string_view key, std::string& why);

/// Of the readings of a production device: its counter "production_mass" (t) or "production_count".
layout_ptr production_layout(std::string const& device, std::string const& point);

} // namespace kilnwatt::control
