#pragma once

#include "core/result.hpp"
#include "protocols/modbus/bytes.hpp"
#include "protocols/modbus/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// The protocol data unit: function code and data, without unit, checksum or header. Pure; both sides of the wire.
/// Source: Modbus application protocol V1.1b3, 6.1 to 6.4 and 7.
namespace kilnwatt::modbus {

/// The four tables of a Modbus device; the number is the function code that reads it.
enum class table : std::uint8_t { coils = 1, discrete_inputs = 2, holding_registers = 3, input_registers = 4 };

/// Largest read the protocol allows (Modbus application protocol V1.1b3, 6.1 and 6.3).
inline constexpr std::uint16_t registers_max = 125;
inline constexpr std::uint16_t bits_max = 2000;

/// Largest PDU, in bytes.
inline constexpr std::size_t pdu_max = 253;

/// Set in the function code of an exception reply.
inline constexpr std::uint8_t exception_bit = 0x80;

/// One read: `count` registers (or bits) of `unit` from the wire address `address`.
struct read_request {
    std::uint8_t unit = 1;
    table from = table::holding_registers;
    std::uint16_t address = 0;
    std::uint16_t count = 1;

    friend bool operator==(read_request const&, read_request const&) = default;
};

/// True when the protocol allows the read: 1 to 125 registers or 1 to 2000 bits, none beyond address 65535.
bool is_valid(read_request const& request) noexcept;

/// Bytes of data in the reply to a valid request.
std::size_t reply_byte_count(read_request const& request) noexcept;

/// How an answer is known among frames: `unit`, `function`, and the byte count that a read's reply begins with; 0 for
/// the reply to a write, which has none and repeats the first five bytes of its request.
struct answer_shape {
    std::uint8_t unit = 1;
    std::uint8_t function = 3;
    std::uint8_t byte_count = 0;

    /// Of the whole PDU.
    std::size_t size() const noexcept { return byte_count == 0 ? 5 : std::size_t{2} + byte_count; }
    friend bool operator==(answer_shape const&, answer_shape const&) = default;
};

answer_shape shape_of(read_request const& request) noexcept;

using request_pdu = std::array<std::uint8_t, 5>;

request_pdu encode_request(read_request const& request) noexcept;

/// Reads the reply to a valid request into `words`: one register, or one bit (0 or 1), a word; at least request.count.
/// An exception reply gives its own errc; anything else but the exact reply gives malformed_reply.
[[nodiscard]] result<void> parse_reply(read_request const& request, byte_view pdu, std::span<std::uint16_t> words);

/// Server side: the request in a PDU. Errors are the exceptions a server answers: illegal_function for anything but a
/// read, illegal_data_value for a wrong length or count, illegal_data_address for a range beyond 65535.
[[nodiscard]] result<read_request> parse_request(std::uint8_t unit, byte_view pdu);

/// Server side: the reply to a valid request; `words` as in parse_reply. Returns the bytes used of `out` (pdu_max).
std::size_t encode_reply(read_request const& request, std::span<std::uint16_t const> words,
                         std::span<std::uint8_t, pdu_max> out) noexcept;

/// Server side: an exception reply to `function`; `exception` is one of errc 1 to 11.
std::array<std::uint8_t, 2> encode_exception(std::uint8_t function, errc exception) noexcept;

} // namespace kilnwatt::modbus
