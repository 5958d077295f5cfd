#pragma once

#include "core/row.hpp"
#include "drivers/profile.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace kilnwatt::drivers {

/// The column a point becomes, without its exponent (indices are the caller's).
column column_of(point const& p);

/// Undoes type and word order. `words` are the point's registers (p.registers of them). A sentinel, NaN or infinity, or
/// an impossible BCD digit gives an absent cell with quality not_supported. Text goes to `texts`. Never throws, never
/// reads outside `words`: too few words give quality communication.
cell decode(point const& p, std::span<std::uint16_t const> words, std::vector<std::string>& texts);

/// The inverse, for the simulator: registers that decode to the raw number nearest to `v` (v is in the canonical unit;
/// `exponent` is the decimal exponent in force). Saturates at the type's limits. False when `out` is too small.
bool encode(point const& p, double v, int exponent, std::span<std::uint16_t> out);
bool encode_text(point const& p, std::string_view text, std::span<std::uint16_t> out);
/// A pattern that decodes to not_supported, if the point has one.
bool encode_missing(point const& p, std::span<std::uint16_t> out);

} // namespace kilnwatt::drivers
