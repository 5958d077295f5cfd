#include "drivers/wire_number.hpp"

#include "drivers/device_clock.hpp"
#include "drivers/half_float.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

namespace kilnwatt::drivers {
namespace {

/// One a type, in the order of the enum.
constexpr std::array<std::uint8_t, point_types> widths{1, 8, 8, 16, 16, 32, 32, 64, 64, 16, 32, 64, 16, 32, 64};
static_assert(widths[static_cast<std::size_t>(point_type::bcd64)] == 64);
static_assert(widths[static_cast<std::size_t>(point_type::text)] == 0);

std::optional<std::uint64_t> from_bcd(std::uint64_t raw, int width) noexcept
{
    std::uint64_t value = 0;
    for (int shift = width - 4; shift >= 0; shift -= 4) {
        auto const digit = raw >> shift & 0xF;
        if (digit > 9)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

cell real_of(point_type t, std::uint64_t raw) noexcept
{
    if (t == point_type::f64)
        return std::isfinite(std::bit_cast<double>(raw)) ? cell{raw, quality::good, true}
                                                         : absent(quality::not_supported);
    auto const v = t == point_type::f16 ? float_of_half(static_cast<std::uint16_t>(raw))
                                        : std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    if (!std::isfinite(v))
        return absent(quality::not_supported);
    return {std::bit_cast<std::uint32_t>(v), quality::good, true};
}

} // namespace

int bits_of(point_type t) noexcept
{
    return widths[static_cast<std::size_t>(t)];
}

std::uint16_t registers_of(point_type t) noexcept
{
    if (auto const width = bits_of(t); width != 0)
        return static_cast<std::uint16_t>((width + 15) / 16);
    return clock_registers(t);
}

bool is_signed(point_type t) noexcept
{
    return t == point_type::i8 || t == point_type::i16 || t == point_type::i32 || t == point_type::i64;
}

bool is_real(point_type t) noexcept
{
    return t == point_type::f16 || t == point_type::f32 || t == point_type::f64;
}

bool is_bcd(point_type t) noexcept
{
    return t == point_type::bcd16 || t == point_type::bcd32 || t == point_type::bcd64;
}

bool low_word_first(byte_order o) noexcept
{
    return o == byte_order::cdab || o == byte_order::dcba;
}

bool low_byte_first(byte_order o) noexcept
{
    return o == byte_order::badc || o == byte_order::dcba;
}

std::uint16_t swapped(std::uint16_t w) noexcept
{
    return static_cast<std::uint16_t>(w << 8 | w >> 8);
}

std::uint64_t all_bits(int width) noexcept
{
    return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

std::int64_t sign_extended(std::uint64_t raw, int width) noexcept
{
    auto const unused = 64 - width;
    return static_cast<std::int64_t>(raw << unused) >> unused;
}

std::uint64_t assembled(point_type t, byte_order o, std::span<std::uint16_t const> words) noexcept
{
    std::size_t const n = registers_of(t);
    auto const backwards = low_word_first(o);
    auto const swap = low_byte_first(o);
    std::uint64_t raw = 0;
    for (std::size_t i = 0; i < n; ++i) {
        auto const w = words[backwards ? n - 1 - i : i];
        raw = raw << 16 | (swap ? swapped(w) : w);
    }
    return raw & all_bits(bits_of(t));
}

cell number_of(point_type t, std::uint64_t raw) noexcept
{
    if (is_real(t))
        return real_of(t, raw);
    if (is_signed(t))
        return {static_cast<std::uint64_t>(sign_extended(raw, bits_of(t))), quality::good, true};
    if (!is_bcd(t))
        return {raw, quality::good, true};
    auto const digits = from_bcd(raw, bits_of(t));
    return digits ? cell{*digits, quality::good, true} : absent(quality::not_supported);
}

plain_number plain_number_of(point const& p)
{
    return {
        .sentinel = p.sentinels.empty() ? 0 : p.sentinels.front(),
        .address = p.address,
        .type = p.type,
        .order = p.order,
        .has_sentinel = !p.sentinels.empty(),
        .accumulator = p.accumulator && !is_real(p.type),
        .is_plain = !is_text(p.type) && p.registers <= registers_of(p.type) && p.mask == 0 && p.map.empty() &&
                    !p.negated && p.sentinels.size() <= 1,
    };
}

cell decode(plain_number const& n, std::span<std::uint16_t const> words) noexcept
{
    if (words.size() < registers_of(n.type))
        return absent(quality::communication);
    auto const raw = assembled(n.type, n.order, words);
    if (n.has_sentinel && raw == n.sentinel)
        return absent(quality::not_supported);
    auto c = number_of(n.type, raw);
    if (n.accumulator && c.present && c.bits == 0)
        c.q = quality::initial;
    return c;
}

} // namespace kilnwatt::drivers
