#pragma once

#include "core/row.hpp"
#include "drivers/profile.hpp"

#include <cstdint>
#include <span>

namespace kilnwatt::drivers {

/// Bits a number of this type has on the wire: 1 to 64; 0 for text and clocks.
int bits_of(point_type t) noexcept;
/// Registers (or coils) it occupies; 0 for a string.
std::uint16_t registers_of(point_type t) noexcept;

bool is_signed(point_type t) noexcept;
bool is_real(point_type t) noexcept;
bool is_bcd(point_type t) noexcept;
bool low_word_first(byte_order o) noexcept;
bool low_byte_first(byte_order o) noexcept;

std::uint16_t swapped(std::uint16_t w) noexcept;
/// A pattern of so many ones; all 64 for a width beyond.
std::uint64_t all_bits(int width) noexcept;
std::int64_t sign_extended(std::uint64_t raw, int width) noexcept;

/// The pattern with byte and word order undone; words.size() >= registers_of(t), which is not 0.
std::uint64_t assembled(point_type t, byte_order o, std::span<std::uint16_t const> words) noexcept;

/// What the pattern of a number means, f16 as f32: absent with quality not_supported when it is NaN, infinity or has an
/// impossible BCD digit.
cell number_of(point_type t, std::uint64_t raw) noexcept;

/// A number that needs no more than its order undone, and has at most one sentinel: most points. Sixteen bytes, because
/// a device has many and they are cold at each poll.
struct plain_number {
    std::uint64_t sentinel = 0;
    std::uint16_t address = 0;
    point_type type = point_type::u16;
    byte_order order = byte_order::abcd;
    bool has_sentinel = false;
    bool accumulator = false;
    bool is_plain = false; ///< false: only decode() of the point itself understands it
};

plain_number plain_number_of(point const& p);

/// As decode() of the point that it was made of, which is plain.
cell decode(plain_number const& n, std::span<std::uint16_t const> words) noexcept;

} // namespace kilnwatt::drivers
