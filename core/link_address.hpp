#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace kilnwatt {

enum class link_kind : std::uint8_t { tcp, rtu_over_tcp, serial };

/// Who switches an RS-485 transceiver between sending and receiving.
enum class rs485_driver : std::uint8_t {
    adapter,  ///< the adapter by itself, as nearly all do; also RS-232
    kernel,   ///< the kernel's driver of the port (TIOCSRS485)
    rts_up,   ///< we do: RTS is up while we send
    rts_down, ///< we do: RTS is down while we send
};

/// Character format and driver of a serial line.
struct serial_format {
    int baud = 9600;
    char parity = 'N'; ///< 'N', 'E' or 'O'
    int data_bits = 8; ///< 7 or 8; Modbus RTU needs 8
    int stop_bits = 1; ///< 1 or 2
    rs485_driver driver = rs485_driver::adapter;
    std::chrono::microseconds rts_delay{0}; ///< rts_up, rts_down: between the switch and the first or last bit

    friend bool operator==(serial_format const&, serial_format const&) = default;
};

/// Where one Modbus channel is. Two devices with equal addresses share one link, however the address was written
/// (host in lower case, default port filled in, path made absolute).
struct link_address {
    link_kind kind = link_kind::tcp;
    std::string host;       ///< tcp, rtu_over_tcp: name or number, in lower case, without brackets
    std::uint16_t port = 0; ///< tcp, rtu_over_tcp
    std::string path;       ///< serial: device node
    serial_format serial;

    /// "tcp://host[:502]", "rtu+tcp://host:port", "serial:///dev/ttyUSB0?baud=9600&parity=even&stop=1".
    /// parity: none, even, odd; a line that must be switched says rs485=kernel, rts_up or rts_down, with
    /// rts_delay=200us if need be. An IPv6 host stands in brackets. The error's sentence is in `why`.
    [[nodiscard]] static result<link_address> parse(std::string_view url, std::string& why);

    std::string url() const; ///< canonical text; parse(url()) gives an equal address

    friend bool operator==(link_address const&, link_address const&) = default;
};

} // namespace kilnwatt
