#include "protocols/modbus/rtu_framing.hpp"

#include <algorithm>

namespace kilnwatt::modbus {
namespace {

constexpr std::size_t crc_size = 2;
constexpr std::size_t exception_size = 5;
constexpr std::size_t request_size = 8; ///< of a read, of a write of one, and of the answer to any write
constexpr std::size_t byte_count_max = pdu_max - 3;

constexpr std::array<std::uint16_t, 256> crc_table = [] {
    std::array<std::uint16_t, 256> table{};
    for (unsigned i = 0; i < 256; ++i) {
        unsigned crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001U : crc >> 1;
        table[i] = static_cast<std::uint16_t>(crc);
    }
    return table;
}();

/// True when `bytes` has a frame of `size` bytes at its front, with the right CRC.
bool has_frame(byte_view bytes, std::size_t size) noexcept
{
    if (bytes.size() < size)
        return false;
    auto const crc = crc16(bytes.first(size - crc_size));
    return bytes[size - 2] == (crc & 0xFF) && bytes[size - 1] == (crc >> 8);
}

/// The lengths a frame that begins with these bytes can have, when it is one of the usual ones; 0 = none.
struct lengths {
    std::size_t one = 0;
    std::size_t other = 0;
};

lengths answer_lengths(byte_view bytes) noexcept
{
    if (bytes.size() < 3) // the third byte decides, and no frame is so short
        return {exception_size};
    auto const function = bytes[1];
    auto const third = bytes[2];
    if ((function & exception_bit) != 0)
        return third >= 1 && third <= 11 ? lengths{exception_size} : lengths{};
    if (function >= 1 && function <= 4) {
        auto const is_byte_count = third >= 1 && third <= byte_count_max && (function <= 2 || third % 2 == 0);
        return {request_size, is_byte_count ? std::size_t{5} + third : 0};
    }
    if (function == 5 || function == 6 || function == 15 || function == 16)
        return {request_size};
    return {};
}

/// Length of the request that begins with these bytes; 0 = none; at most what is still needed while unknown.
std::size_t request_length(byte_view bytes) noexcept
{
    if (bytes.size() < 2)
        return request_size;
    auto const function = bytes[1];
    if (function >= 1 && function <= 6)
        return request_size;
    if (function != 15 && function != 16)
        return 0;
    constexpr std::size_t byte_count_at = 6;
    if (bytes.size() <= byte_count_at)
        return request_size;
    return bytes[byte_count_at] >= 1 && bytes[byte_count_at] <= byte_count_max - 4
               ? std::size_t{9} + bytes[byte_count_at]
               : 0;
}

} // namespace

std::uint16_t crc16(byte_view bytes) noexcept
{
    unsigned crc = 0xFFFF;
    for (auto const b : bytes)
        crc = (crc >> 8) ^ crc_table[(crc ^ b) & 0xFF];
    return static_cast<std::uint16_t>(crc);
}

std::size_t encode_rtu(std::uint8_t unit, byte_view pdu, std::span<std::uint8_t, rtu_frame_max> out) noexcept
{
    out[0] = unit;
    std::ranges::copy(pdu, out.begin() + 1);
    auto const size = 1 + pdu.size();
    auto const crc = crc16(out.first(size));
    out[size] = static_cast<std::uint8_t>(crc & 0xFF);
    out[size + 1] = static_cast<std::uint8_t>(crc >> 8);
    return size + crc_size;
}

rtu_request_scan first_rtu_request(byte_view bytes)
{
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto const rest = bytes.subspan(at);
        auto const size = request_length(rest);
        if (size == 0)
            continue;
        if (rest.size() < size) {
            // Noise can look like the beginning of a frame: a whole request behind it goes first.
            for (auto later = at + 1; later < bytes.size(); ++later) {
                auto const tail = bytes.subspan(later);
                auto const n = request_length(tail);
                if (n != 0 && has_frame(tail, n))
                    return {true, tail[0], tail.subspan(1, n - 1 - crc_size), later + n};
            }
            return {.size = at};
        }
        if (has_frame(rest, size))
            return {true, rest[0], rest.subspan(1, size - 1 - crc_size), at + size};
    }
    return {.size = bytes.size()};
}

match rtu_matcher::look(byte_view bytes)
{
    match found;
    if (!echo_.empty() && skip_echo(bytes, found))
        return found;

    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto const rest = bytes.subspan(at);
        auto const own = own_at(rest);
        if (own.how == fit::whole)
            return {match::kind::reply, at + own.size, rest.subspan(1, own.size - 1 - crc_size)};
        if (own.how == fit::incomplete)
            return {match::kind::need_more, at};
        if (own.how == fit::broken) // the bytes of a cut answer can stand before a whole one
            return answer_after(bytes, at + 1).value_or(match{match::kind::malformed, bytes.size()});
        if (auto const foreign = http_or_tls(rest); at == 0 && foreign != likeness::no)
            return {foreign == likeness::yes ? match::kind::not_modbus : match::kind::need_more};

        auto const sizes = answer_lengths(rest);
        for (auto const size : {sizes.one, sizes.other})
            if (size != 0 && has_frame(rest, size))
                return {match::kind::stranger, at + size};
        if (rest.size() < std::max(sizes.one, sizes.other)) // noise can look so too: our answer may stand behind it
            return answer_after(bytes, at + 1).value_or(match{match::kind::need_more, at});
    }
    return {match::kind::need_more, bytes.size()};
}

/// Our answer, whole or not, at the front of `bytes`.
rtu_matcher::candidate rtu_matcher::own_at(byte_view bytes) const
{
    auto const function = expected_.function;
    if (bytes[0] != expected_.unit)
        return {};
    if (bytes.size() == 1)
        return {fit::incomplete};
    auto const is_exception_reply = bytes[1] == (function | exception_bit);
    if (bytes[1] != function && !is_exception_reply)
        return {};
    if (bytes.size() == 2)
        return {fit::incomplete};
    if (!is_exception_reply && expected_.byte_count != 0 && bytes[2] != expected_.byte_count)
        return {};
    auto const size = is_exception_reply ? exception_size : 1 + expected_.size() + crc_size;
    if (bytes.size() < size)
        return {fit::incomplete, size};
    return {has_frame(bytes, size) ? fit::whole : fit::broken, size};
}

std::optional<match> rtu_matcher::answer_after(byte_view bytes, std::size_t first) const
{
    for (auto at = first; at < bytes.size(); ++at)
        if (auto const own = own_at(bytes.subspan(at)); own.how == fit::whole)
            return match{match::kind::reply, at + own.size, bytes.subspan(at + 1, own.size - 1 - crc_size)};
    return std::nullopt;
}

/// True when the bytes are (the beginning of) our echo; then `found` says what to do. The echo is looked for once.
bool rtu_matcher::skip_echo(byte_view bytes, match& found)
{
    auto const n = std::min(bytes.size(), echo_.size());
    if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n), echo_.begin())) {
        echo_ = {};
        return false;
    }
    auto const is_whole = n == echo_.size();
    if (is_whole)
        echo_ = {};
    found = {match::kind::need_more, is_whole ? n : 0};
    return true;
}

} // namespace kilnwatt::modbus
