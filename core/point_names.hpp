#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt {

/// How a point is aggregated over a window.
enum class point_kind : std::uint8_t {
    gauge,   ///< time-weighted mean
    counter, ///< only its difference means anything
    state,   ///< an enumeration: seconds per state
    text,    ///< serial number, firmware
};

struct point_meaning {
    point_kind kind = point_kind::gauge;
    std::string_view unit; ///< canonical unit; "" for a plain number
};

/// The closed vocabulary of point names, so that a KPI finds what it needs in any vendor's device. Numbered families
/// (mppt1_voltage ... mppt24_voltage, string1_current, phase suffixes _l1 _l2 _l3) belong to it.
/// Nothing for an unknown name. A name "vendor.<name>" is not in the vocabulary: see is_vendor_name().
std::optional<point_meaning> point_meaning_of(std::string_view name) noexcept;

/// "vendor." and then [a-z0-9_]+, at most 64 characters: free unit, never used by a KPI.
bool is_vendor_name(std::string_view name) noexcept;

/// Names of the vocabulary nearest to a misspelt one, best first, at most three.
std::vector<std::string> similar_point_names(std::string_view name);

} // namespace kilnwatt
