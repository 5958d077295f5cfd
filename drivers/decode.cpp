#include "drivers/decode.hpp"

#include "drivers/device_clock.hpp"
#include "drivers/half_float.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace kilnwatt::drivers {
namespace {

bool is_sentinel(point const& p, std::uint64_t raw) noexcept
{
    return std::find(p.sentinels.begin(), p.sentinels.end(), raw) != p.sentinels.end();
}

/// The bits of the mask, moved together.
std::uint64_t gathered(std::uint64_t raw, std::uint64_t mask) noexcept
{
    std::uint64_t value = 0;
    for (int to = 0; mask != 0; ++to, mask &= mask - 1)
        value |= (raw >> std::countr_zero(mask) & 1) << to;
    return value;
}

/// The inverse: the lowest bits of the value at the places of the mask.
std::uint64_t scattered(std::uint64_t value, std::uint64_t mask) noexcept
{
    std::uint64_t raw = 0;
    for (; mask != 0; value >>= 1, mask &= mask - 1)
        raw |= (value & 1) << std::countr_zero(mask);
    return raw;
}

/// What the map says of a code.
std::optional<std::uint64_t> mapped(point const& p, std::uint64_t code) noexcept
{
    for (auto const& [from, to] : p.map)
        if (static_cast<std::uint64_t>(from) == code)
            return static_cast<std::uint64_t>(to);
    return std::nullopt;
}

/// The code of the nearest number of the map, which is not empty.
double code_nearest(point const& p, double number) noexcept
{
    auto const nearer = [number](auto const& a, auto const& b) {
        return std::abs(static_cast<double>(a.second) - number) < std::abs(static_cast<double>(b.second) - number);
    };
    return static_cast<double>(std::min_element(p.map.begin(), p.map.end(), nearer)->first);
}

std::uint64_t to_bcd(std::uint64_t value) noexcept
{
    std::uint64_t raw = 0;
    for (int shift = 0; value != 0; shift += 4, value /= 10)
        raw |= value % 10 << shift;
    return raw;
}

cell decoded_clock(point const& p, std::span<std::uint16_t const> words, std::vector<std::string>& texts)
{
    std::array<std::uint16_t, 6> ordered{};
    std::size_t const n = clock_registers(p.type);
    for (std::size_t i = 0; i < n; ++i)
        ordered[i] = low_byte_first(p.order) ? swapped(words[i]) : words[i];
    auto shown = clock_text(p.type, std::span{ordered}.first(n));
    if (!shown)
        return absent(quality::not_supported);
    texts.push_back(*std::move(shown));
    return {texts.size() - 1, quality::good, true};
}

cell decoded_text(point const& p, std::span<std::uint16_t const> words, std::vector<std::string>& texts)
{
    std::string s;
    for (auto const w : words.first(p.registers)) {
        auto const ordered = low_byte_first(p.order) ? swapped(w) : w;
        s += static_cast<char>(ordered >> 8);
        s += static_cast<char>(ordered & 0xFF);
    }
    auto const is_padding = [](char c) { return c == '\0' || c == ' '; };
    if (s.empty() || s.front() == '\0' || s.front() == '\xFF')
        return absent(quality::not_supported);
    s.resize(std::min(s.find('\0'), s.size()));
    auto const first = std::find_if_not(s.begin(), s.end(), is_padding);
    auto const last = std::find_if_not(s.rbegin(), s.rend(), is_padding).base();
    if (first >= last)
        return absent(quality::not_supported);
    s = std::string(first, last);
    std::replace_if(
        s.begin(), s.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    texts.push_back(std::move(s));
    return {texts.size() - 1, quality::good, true};
}

/// The whole number nearest to v inside the limits, as the pattern of `width` bits.
std::uint64_t nearest_whole(double v, bool with_sign, int width) noexcept
{
    auto const rounded = std::nearbyint(v);
    if (with_sign) {
        auto const limit = std::ldexp(1.0, width - 1);
        if (rounded >= limit)
            return all_bits(width - 1);
        if (rounded <= -limit)
            return std::uint64_t{1} << (width - 1);
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(rounded)) & all_bits(width);
    }
    if (rounded <= 0.0)
        return 0;
    return rounded >= std::ldexp(1.0, width) ? all_bits(width) : static_cast<std::uint64_t>(rounded);
}

std::uint64_t nearest_real(double v, point_type t) noexcept
{
    if (t == point_type::f16)
        return half_of(v);
    if (t == point_type::f64)
        return std::bit_cast<std::uint64_t>(
            std::clamp(v, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()));
    constexpr double limit = std::numeric_limits<float>::max();
    return std::bit_cast<std::uint32_t>(static_cast<float>(std::clamp(v, -limit, limit)));
}

/// The pattern next to a sentinel, towards zero for numbers.
std::uint64_t beside(point const& p, std::uint64_t raw) noexcept
{
    auto const negative = is_signed(p.type) && sign_extended(raw, bits_of(p.type)) < 0;
    return (negative || raw == 0 ? raw + 1 : raw - 1) & all_bits(bits_of(p.type));
}

} // namespace

column column_of(point const& p)
{
    column c{
        .name = p.name, .unit = p.unit, .scale = p.scale, .offset = p.offset, .counter = p.counter, .states = p.states};
    if (is_text(p.type))
        c.kind = value_kind::text;
    else if (p.type == point_type::f64)
        c.kind = value_kind::f64;
    else if (is_real(p.type))
        c.kind = value_kind::f32;
    else
        c.kind = is_signed(p.type) || p.negated || !p.map.empty() ? value_kind::i64 : value_kind::u64;
    if (p.negated)
        c.scale = -c.scale;
    return c;
}

cell decode(point const& p, std::span<std::uint16_t const> words, std::vector<std::string>& texts)
{
    if (words.size() < std::max(p.registers, registers_of(p.type)))
        return absent(quality::communication);
    if (p.type == point_type::text)
        return decoded_text(p, words, texts);
    if (is_text(p.type))
        return decoded_clock(p, words, texts);
    auto const raw = assembled(p.type, p.order, words);
    if (is_sentinel(p, raw))
        return absent(quality::not_supported);
    auto c = number_of(p.type, raw);
    if (!c.present || is_real(p.type))
        return c;
    if (p.mask != 0)
        c.bits = gathered(c.bits, p.mask);
    if (!p.map.empty()) {
        auto const meant = mapped(p, c.bits);
        if (!meant)
            return absent(quality::not_supported);
        c.bits = *meant;
    }
    if (p.negated)
        c.bits = 0 - c.bits;
    if (p.accumulator && c.bits == 0)
        c.q = quality::initial;
    return c;
}

bool encode_raw(point const& p, std::uint64_t raw, std::span<std::uint16_t> out)
{
    std::size_t const n = registers_of(p.type);
    if (n == 0 || out.size() < n)
        return false;
    for (std::size_t i = 0; i < n; ++i) {
        auto const w = static_cast<std::uint16_t>(raw >> 16 * (n - 1 - i));
        out[low_word_first(p.order) ? n - 1 - i : i] = low_byte_first(p.order) ? swapped(w) : w;
    }
    return true;
}

bool encode(point const& p, double v, int exponent, std::span<std::uint16_t> out)
{
    if (is_text(p.type) || p.scale == 0.0 || out.size() < registers_of(p.type))
        return false;
    auto const power = std::pow(10.0, std::abs(exponent));
    auto number = (v - p.offset) / p.scale;
    number = exponent < 0 ? number * power : number / power;
    if (std::isnan(number))
        return encode_missing(p, out);
    if (!p.map.empty())
        number = code_nearest(p, number);
    std::uint64_t raw = 0;
    if (is_real(p.type)) {
        raw = nearest_real(number, p.type);
    } else if (is_bcd(p.type)) {
        std::uint64_t end = 1; // the first number with a digit too many
        for (int digits = bits_of(p.type) / 4; digits > 0; --digits)
            end *= 10;
        raw = to_bcd(std::min(nearest_whole(number, false, 64), end - 1));
    } else if (p.mask != 0) {
        auto const others = assembled(p.type, p.order, out) & ~p.mask;
        raw = others | scattered(nearest_whole(number, false, std::popcount(p.mask)), p.mask);
    } else {
        raw = nearest_whole(number, is_signed(p.type), bits_of(p.type));
    }
    for (std::size_t tries = p.mask == 0 ? p.sentinels.size() : 0; tries > 0 && is_sentinel(p, raw); --tries)
        raw = beside(p, raw);
    return encode_raw(p, raw, out);
}

bool encode_text(point const& p, std::string_view text, std::span<std::uint16_t> out)
{
    if (clock_registers(p.type) != 0) {
        if (!clock_words(p.type, text, out))
            return false;
        for (auto& w : out.first(clock_registers(p.type)))
            w = low_byte_first(p.order) ? swapped(w) : w;
        return true;
    }
    if (p.type != point_type::text || out.size() < p.registers)
        return false;
    auto const byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint16_t>(static_cast<unsigned char>(text[i])) : std::uint16_t{0};
    };
    for (std::size_t i = 0; i < p.registers; ++i) {
        auto const w = static_cast<std::uint16_t>(byte(2 * i) << 8 | byte(2 * i + 1));
        out[i] = low_byte_first(p.order) ? swapped(w) : w;
    }
    return true;
}

bool encode_missing(point const& p, std::span<std::uint16_t> out)
{
    if (!p.sentinels.empty())
        return encode_raw(p, p.sentinels.front(), out);
    switch (p.type) {
    case point_type::text:
        return encode_text(p, {}, out);
    case point_type::f16:
        return encode_raw(p, 0x7E00, out);
    case point_type::f32:
        return encode_raw(p, 0x7FC0'0000, out);
    case point_type::f64:
        return encode_raw(p, 0x7FF8'0000'0000'0000, out);
    case point_type::bcd16:
    case point_type::bcd32:
    case point_type::bcd64:
        return encode_raw(p, ~std::uint64_t{0}, out);
    case point_type::datetime_3:
    case point_type::datetime_4:
    case point_type::datetime_6:
        if (out.size() < p.registers)
            return false;
        std::fill_n(out.begin(), p.registers, std::uint16_t{0xFFFF});
        return true;
    default:
        return false;
    }
}

} // namespace kilnwatt::drivers
