#pragma once

#include "core/layout.hpp"
#include "core/quality.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace kilnwatt {

/// One raw number: type and word order undone, scale and offset not applied, so that every digit is kept.
struct cell {
    std::uint64_t bits = 0;
    quality q = quality::not_read;
    bool present = false; ///< false: there is no number at all (the quality says why)

    friend bool operator==(cell const&, cell const&) = default;
};

/// What one poll of a device (or one window, KPI set or event) yields. cells.size() == layout->columns.size().
struct row {
    layout_ptr layout;
    stamp time;
    std::vector<cell> cells;
    std::vector<std::string> texts; ///< for columns of kind text: cell.bits is the index here

    friend bool operator==(row const&, row const&) = default;
};

/// A number or text ready to be published: integers keep all 64 bits.
using value = std::variant<std::monostate, std::int64_t, std::uint64_t, double, std::string>;

/// Value of a column after scale, offset and exponent. monostate when absent, bad, not a number, or when the exponent
/// is missing or outside -10..10. A scale that is a whole number keeps integers exact; one like 0.1 divides by 10, so
/// the result is the decimal number the device meant.
value scaled(row const& r, std::size_t column);

/// The same as a double (0 loss below 2^53); NaN when there is no number.
double scaled_number(row const& r, std::size_t column);

/// A numeric value as double; NaN for text and monostate.
double as_number(value const& v) noexcept;

cell cell_of(std::int64_t v, quality q = quality::good) noexcept;
cell cell_of(std::uint64_t v, quality q = quality::good) noexcept;
cell cell_of(double v, quality q = quality::good) noexcept; ///< for columns of kind f64; NaN makes an absent cell
cell absent(quality q) noexcept;

} // namespace kilnwatt
