#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

/// The bytes of the row format: LEB128 varints, zigzag for signed numbers, and trimmed differences for doubles.
/// Writers store at a pointer with enough room (the named maxima); the reader checks every bound.
namespace kilnwatt::journal {

inline constexpr std::size_t varint_bytes_max = 10;
inline constexpr std::size_t trimmed_bytes_max = 9;

constexpr std::uint64_t zigzag(std::int64_t v) noexcept
{
    return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}

constexpr std::int64_t unzigzag(std::uint64_t v) noexcept
{
    return static_cast<std::int64_t>((v >> 1) ^ (0 - (v & 1)));
}

/// Difference of two 64-bit numbers modulo 2^64, as the signed number nearest to zero.
constexpr std::int64_t wrapping_delta(std::uint64_t to, std::uint64_t from) noexcept
{
    return static_cast<std::int64_t>(to - from);
}

inline std::uint8_t* put_varint(std::uint8_t* at, std::uint64_t v) noexcept
{
    while (v >= 0x80) {
        *at++ = static_cast<std::uint8_t>(v | 0x80);
        v >>= 7;
    }
    *at++ = static_cast<std::uint8_t>(v);
    return at;
}

/// A nonzero difference as control byte and the bytes that are not trailing zeros, lowest first.
/// Control: bit 6 sign, bits 3-5 zero bytes left out below, bits 0-2 number of bytes that follow less one.
inline std::uint8_t* put_trimmed(std::uint8_t* at, std::int64_t delta) noexcept
{
    auto const negative = delta < 0;
    auto magnitude = negative ? 0 - static_cast<std::uint64_t>(delta) : static_cast<std::uint64_t>(delta);
    auto const below = static_cast<unsigned>(std::countr_zero(magnitude)) / 8;
    magnitude >>= 8 * below;
    auto const length = (static_cast<unsigned>(std::bit_width(magnitude)) + 7) / 8;
    *at++ = static_cast<std::uint8_t>((negative ? 0x40u : 0u) | below << 3 | (length - 1));
    for (auto i = 0u; i < length; ++i, magnitude >>= 8)
        *at++ = static_cast<std::uint8_t>(magnitude);
    return at;
}

/// Reads what the functions above wrote. Every call answers false, and leaves the output unspecified, when the bytes
/// are too few or not what a writer would have written.
class byte_reader {
public:
    explicit byte_reader(std::span<std::uint8_t const> bytes) noexcept
        : at_{bytes.data()}, end_{bytes.data() + bytes.size()}
    {}

    bool done() const noexcept { return at_ == end_; }
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    bool byte(std::uint8_t& out) noexcept
    {
        if (at_ == end_)
            return false;
        out = *at_++;
        return true;
    }

    bool varint(std::uint64_t& out) noexcept
    {
        out = 0;
        for (auto shift = 0u; shift < 64 && at_ != end_; shift += 7) {
            auto const b = *at_++;
            out |= static_cast<std::uint64_t>(b & 0x7Fu) << shift;
            if (b < 0x80)
                return (shift == 0 || b != 0) && (shift < 63 || b == 1); // no padding, no bit beyond the 64th
        }
        return false;
    }

    bool signed_varint(std::int64_t& out) noexcept
    {
        std::uint64_t v = 0;
        auto const ok = varint(v);
        out = unzigzag(v);
        return ok;
    }

    bool trimmed(std::int64_t& out) noexcept
    {
        std::uint8_t control = 0;
        if (!byte(control) || (control & 0x80u) != 0)
            return false;
        auto const below = static_cast<unsigned>(control >> 3) & 7u;
        auto const length = (control & 7u) + 1u;
        if (below + length > 8 || left() < length || at_[0] == 0 || at_[length - 1] == 0)
            return false;
        std::uint64_t magnitude = 0;
        for (auto i = 0u; i < length; ++i)
            magnitude |= static_cast<std::uint64_t>(*at_++) << (8 * (i + below));
        out = static_cast<std::int64_t>((control & 0x40u) != 0 ? 0 - magnitude : magnitude);
        return true;
    }

    /// `n` bytes in place; valid as long as the bytes the reader was made of.
    bool block(std::size_t n, std::span<std::uint8_t const>& out) noexcept
    {
        if (left() < n)
            return false;
        out = {at_, n};
        at_ += n;
        return true;
    }

private:
    std::uint8_t const* at_;
    std::uint8_t const* end_;
};

} // namespace kilnwatt::journal
