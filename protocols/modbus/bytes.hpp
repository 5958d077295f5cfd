#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kilnwatt::modbus {

using byte_view = std::span<std::uint8_t const>;

/// The big-endian number at `at`, which must lie inside.
inline std::uint16_t get_u16(byte_view bytes, std::size_t at) noexcept
{
    return static_cast<std::uint16_t>((bytes[at] << 8) | bytes[at + 1]);
}

inline void put_u16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) noexcept
{
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value & 0xFF);
}

} // namespace kilnwatt::modbus
