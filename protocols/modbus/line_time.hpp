#pragma once

#include "core/link_address.hpp"

#include <chrono>
#include <cstddef>

namespace kilnwatt::modbus {

/// How long `characters` take on a serial line: a start bit, the data, the parity and the stop bits each.
constexpr std::chrono::nanoseconds line_time(serial_format const& format, std::size_t characters)
{
    auto const bits = 1 + format.data_bits + (format.parity == 'N' ? 0 : 1) + format.stop_bits;
    return std::chrono::nanoseconds{std::chrono::seconds{1}} * bits * static_cast<std::int64_t>(characters) /
           format.baud;
}

/// Silence between two frames: 3.5 characters, fixed at 1.75 ms above 19200 Bd (Modbus over serial line
/// V1.02, 2.5.1.1).
constexpr std::chrono::nanoseconds frame_gap(serial_format const& format)
{
    return format.baud > 19200 ? std::chrono::microseconds{1750} : line_time(format, 7) / 2;
}

} // namespace kilnwatt::modbus
