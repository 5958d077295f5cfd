#include "protocols/modbus/write_pdu.hpp"

#include <algorithm>

namespace kilnwatt::modbus {
namespace {

constexpr std::uint16_t coil_on = 0xFF00;

bool is_single(write_function f) noexcept
{
    return f == write_function::coil || f == write_function::holding_register;
}

std::size_t most_values(write_function f) noexcept
{
    switch (f) {
    case write_function::coil:
    case write_function::holding_register:
        return 1;
    case write_function::coils:
        return written_bits_max;
    case write_function::holding_registers:
        return written_registers_max;
    }
    return 0;
}

/// Function, address, and the value or the count: what the device repeats.
void put_head(write_request const& request, std::span<std::uint8_t> out) noexcept
{
    out[0] = static_cast<std::uint8_t>(request.how);
    put_u16(out, 1, request.address);
    if (request.how == write_function::coil)
        put_u16(out, 3, request.values[0] != 0 ? coil_on : std::uint16_t{0});
    else if (request.how == write_function::holding_register)
        put_u16(out, 3, request.values[0]);
    else
        put_u16(out, 3, static_cast<std::uint16_t>(request.values.size()));
}

} // namespace

bool is_valid(write_request const& request) noexcept
{
    auto const count = request.values.size();
    return count >= 1 && count <= most_values(request.how) && request.address + count <= 0x10000;
}

answer_shape shape_of(write_request const& request) noexcept
{
    return {request.unit, static_cast<std::uint8_t>(request.how), 0};
}

std::size_t encode_write(write_request const& request, std::span<std::uint8_t, pdu_max> out) noexcept
{
    put_head(request, out);
    if (is_single(request.how))
        return write_reply_size;
    auto const count = request.values.size();
    auto const is_bits = request.how == write_function::coils;
    auto const bytes = is_bits ? (count + 7) / 8 : 2 * count;
    out[write_reply_size] = static_cast<std::uint8_t>(bytes);
    auto const data = out.subspan(write_reply_size + 1, bytes);
    std::ranges::fill(data, std::uint8_t{0});
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_bits)
            put_u16(data, 2 * i, request.values[i]);
        else if (request.values[i] != 0)
            data[i / 8] = static_cast<std::uint8_t>(data[i / 8] | (1U << (i % 8)));
    }
    return write_reply_size + 1 + bytes;
}

result<void> check_write_reply(write_request const& request, byte_view pdu)
{
    if (!is_valid(request))
        return errc::bad_request;
    if (pdu.size() == 2 && pdu[0] == (static_cast<std::uint8_t>(request.how) | exception_bit))
        return exception_error(pdu[1]);
    std::array<std::uint8_t, write_reply_size> echo{};
    put_head(request, echo);
    if (!std::ranges::equal(pdu, echo))
        return errc::malformed_reply;
    return {};
}

} // namespace kilnwatt::modbus
