#include "protocols/modbus/pdu.hpp"

#include <algorithm>

namespace kilnwatt::modbus {
namespace {

bool is_bits(table t) noexcept
{
    return t == table::coils || t == table::discrete_inputs;
}

bool is_table(std::uint8_t function) noexcept
{
    return function >= 1 && function <= 4;
}

} // namespace

bool is_valid(read_request const& request) noexcept
{
    auto const most = is_bits(request.from) ? bits_max : registers_max;
    return is_table(static_cast<std::uint8_t>(request.from)) && request.count >= 1 && request.count <= most &&
           request.address + request.count <= 0x10000;
}

std::size_t reply_byte_count(read_request const& request) noexcept
{
    return is_bits(request.from) ? (request.count + 7U) / 8U : request.count * 2U;
}

answer_shape shape_of(read_request const& request) noexcept
{
    auto const bytes = static_cast<std::uint8_t>(reply_byte_count(request));
    return {request.unit, static_cast<std::uint8_t>(request.from), bytes};
}

request_pdu encode_request(read_request const& request) noexcept
{
    request_pdu pdu{static_cast<std::uint8_t>(request.from)};
    put_u16(pdu, 1, request.address);
    put_u16(pdu, 3, request.count);
    return pdu;
}

result<void> parse_reply(read_request const& request, byte_view pdu, std::span<std::uint16_t> words)
{
    if (!is_valid(request) || words.size() < request.count)
        return errc::bad_request;
    if (pdu.size() < 2)
        return errc::malformed_reply;
    auto const function = static_cast<std::uint8_t>(request.from);
    if (pdu[0] == (function | exception_bit)) {
        if (pdu.size() != 2)
            return errc::malformed_reply;
        return exception_error(pdu[1]);
    }
    auto const bytes = reply_byte_count(request);
    if (pdu[0] != function || pdu[1] != bytes || pdu.size() != 2 + bytes)
        return errc::malformed_reply;
    auto const data = pdu.subspan(2);
    for (std::size_t i = 0; i < request.count; ++i)
        words[i] = is_bits(request.from) ? static_cast<std::uint16_t>((data[i / 8] >> (i % 8)) & 1)
                                         : get_u16(data, 2 * i);
    return {};
}

result<read_request> parse_request(std::uint8_t unit, byte_view pdu)
{
    if (pdu.empty() || !is_table(pdu[0]))
        return errc::illegal_function;
    if (pdu.size() != request_pdu{}.size())
        return errc::illegal_data_value;
    read_request const request{unit, static_cast<table>(pdu[0]), get_u16(pdu, 1), get_u16(pdu, 3)};
    if (request.count == 0 || request.count > (is_bits(request.from) ? bits_max : registers_max))
        return errc::illegal_data_value;
    if (!is_valid(request))
        return errc::illegal_data_address;
    return request;
}

std::size_t encode_reply(read_request const& request, std::span<std::uint16_t const> words,
                         std::span<std::uint8_t, pdu_max> out) noexcept
{
    auto const bytes = reply_byte_count(request);
    std::ranges::fill(out.first(2 + bytes), std::uint8_t{0});
    out[0] = static_cast<std::uint8_t>(request.from);
    out[1] = static_cast<std::uint8_t>(bytes);
    auto const data = out.subspan(2);
    auto const count = std::min<std::size_t>(request.count, words.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_bits(request.from))
            put_u16(data, 2 * i, words[i]);
        else if (words[i] != 0)
            data[i / 8] = static_cast<std::uint8_t>(data[i / 8] | (1U << (i % 8)));
    }
    return 2 + bytes;
}

std::array<std::uint8_t, 2> encode_exception(std::uint8_t function, errc exception) noexcept
{
    return {static_cast<std::uint8_t>(function | exception_bit), static_cast<std::uint8_t>(exception)};
}

} // namespace kilnwatt::modbus
