#pragma once

#include "protocols/modbus/pdu.hpp"

/// The protocol data units that change a device: function codes 5, 6, 15 and 16. Pure. Polling never uses them; only an
/// explicit write by an operator does.
/// Source: Modbus application protocol V1.1b3, 6.5, 6.6, 6.11 and 6.12.
namespace kilnwatt::modbus {

/// The number is the function code.
enum class write_function : std::uint8_t { coil = 5, holding_register = 6, coils = 15, holding_registers = 16 };

/// Largest write the protocol allows (Modbus application protocol V1.1b3, 6.12 and 6.11).
inline constexpr std::uint16_t written_registers_max = 123;
inline constexpr std::uint16_t written_bits_max = 1968;

/// One write: `values` into `unit` from the wire address `address`; one register, or one coil (0 = off, anything else =
/// on), a value. The values belong to the caller and outlive the request.
struct write_request {
    std::uint8_t unit = 1;
    write_function how = write_function::holding_register;
    std::uint16_t address = 0;
    std::span<std::uint16_t const> values{};
};

/// True when the protocol allows the write: one value with 5 and 6, 1 to 1968 coils or 1 to 123 registers with 15 and
/// 16, none beyond address 65535.
bool is_valid(write_request const& request) noexcept;

/// Encodes a valid request. Returns the bytes used of `out`.
std::size_t encode_write(write_request const& request, std::span<std::uint8_t, pdu_max> out) noexcept;

answer_shape shape_of(write_request const& request) noexcept;

/// Bytes of a reply that confirms a write, whatever the function code.
inline constexpr std::size_t write_reply_size = 5;

/// Checks the reply to a valid request: the device repeats the address with the value (5, 6) or the count (15, 16).
/// An exception reply gives its own errc; anything else but the exact echo gives malformed_reply: then nobody knows
/// what the device took, and it has to be read back.
[[nodiscard]] result<void> check_write_reply(write_request const& request, byte_view pdu);

} // namespace kilnwatt::modbus
