#include "agent/settings/serial_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kilnwatt::settings {
namespace {

/// The rates of termios (B50 ... B4000000); libmodbus can set no other.
constexpr std::array rates{50,     75,     110,    134,     150,     200,     300,     600,     1200,    1800,
                           2400,   4800,   9600,   19200,   38400,   57600,   115200,  230400,  460800,  500000,
                           576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000};

} // namespace

serial_objection serial_fault(serial_format const& format)
{
    auto const above = std::lower_bound(rates.begin(), rates.end(), format.baud);
    if (above == rates.end() || *above != format.baud) {
        auto const below = above == rates.begin() ? above : above - 1;
        auto const next = above == rates.end() ? below : above;
        return {fmt::format("has {} baud, which a serial port of this system cannot do", format.baud),
                below == next ? fmt::format("the nearest is {}", *next)
                              : fmt::format("the nearest are {} and {}", *below, *next)};
    }
    if (format.data_bits != 8)
        return {fmt::format("has {} data bits, but Modbus RTU needs 8", format.data_bits), "write data=8 or leave it out"};
    return {};
}

std::string show(serial_format const& format)
{
    return fmt::format("{} baud {}{}{}", format.baud, format.data_bits, format.parity, format.stop_bits);
}

} // namespace kilnwatt::settings
