#pragma once

#include <cstdint>

namespace kilnwatt::modbus {

/// The four tables of a Modbus device; the number is the function code that reads it.
enum class table : std::uint8_t { coils = 1, discrete_inputs = 2, holding_registers = 3, input_registers = 4 };

/// Largest read the protocol allows (Modbus application protocol V1.1b3, 6.1 and 6.3).
inline constexpr std::uint16_t registers_max = 125;
inline constexpr std::uint16_t bits_max = 2000;

/// One read: `count` registers (or bits) of `unit` from the wire address `address`.
struct read_request {
    std::uint8_t unit = 1;
    table from = table::holding_registers;
    std::uint16_t address = 0;
    std::uint16_t count = 1;

    friend bool operator==(read_request const&, read_request const&) = default;
};

} // namespace kilnwatt::modbus
