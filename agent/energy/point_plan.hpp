#pragma once

#include "agent/energy/derived_gauge.hpp"
#include "core/row.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace kilnwatt::energy {

/// How a column's number is used.
enum class gauge_use : std::uint8_t {
    plain,
    irradiance, ///< a small negative number at night is 0
    pv_power,   ///< 0 while the inverter sleeps
};

struct gauge_plan {
    std::uint32_t column = 0;
    std::uint32_t point = 0;
    gauge_use use = gauge_use::plain;
};

struct counter_plan {
    std::uint32_t column = 0;
    std::uint32_t point = 0;
};

/// Where the columns of one layout go, resolved once so that folding a row looks up no name.
struct point_plan {
    std::vector<gauge_plan> gauges;
    std::vector<counter_plan> counters;
    std::vector<derived_plan> derived;
};

/// Index of the column of that name; nothing when there is none.
std::optional<std::uint32_t> column_named(layout const& l, std::string_view name);

/// A column's smallest step at its present value, in the unit after scaling; 0 = unknown.
double resolution_of(row const& r, std::size_t column);

/// The range of a 16- or 32-bit register, scaled, when the raw number stands within 1 % of its end; else 0. The journal
/// does not keep how wide a register was, and a counter that falls from there ran over.
double native_modulus(row const& r, std::size_t column);

} // namespace kilnwatt::energy
