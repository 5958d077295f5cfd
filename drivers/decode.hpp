#pragma once

#include "core/row.hpp"
#include "drivers/profile.hpp"
#include "drivers/wire_number.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace kilnwatt::drivers {

/// The column a point becomes, without its exponent (indices are the caller's).
column column_of(point const& p);

/// Undoes type and word order. `words` are the point's registers (p.registers of them). A sentinel, NaN or infinity, an
/// impossible BCD digit, a code that the map lacks or a moment the calendar lacks gives an absent cell with quality
/// not_supported, an accumulator's 0 quality initial. Text goes to `texts`, without the NUL and spaces around it; what
/// is not printable ASCII becomes '?'. Never throws, never reads outside `words`: too few words give quality
/// communication.
cell decode(point const& p, std::span<std::uint16_t const> words, std::vector<std::string>& texts);

/// The inverse, for the simulator: registers that decode to the raw number nearest to `v` (v is in the canonical unit;
/// `exponent` is the decimal exponent in force). Saturates at the type's limits and is never a sentinel by accident;
/// NaN writes the missing pattern. With a mask only its bits of `out` change. False when `out` is too small or the
/// point cannot say it.
bool encode(point const& p, double v, int exponent, std::span<std::uint16_t> out);
/// The registers of exactly this raw pattern (as the sentinels are written: before mask and sign).
bool encode_raw(point const& p, std::uint64_t raw, std::span<std::uint16_t> out);
/// Cut or padded with NUL to the point's length; of a clock a moment as clock_text() writes it.
bool encode_text(point const& p, std::string_view text, std::span<std::uint16_t> out);
/// A pattern that decodes to not_supported, if the point has one.
bool encode_missing(point const& p, std::span<std::uint16_t> out);

} // namespace kilnwatt::drivers
