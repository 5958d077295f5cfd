#pragma once

#include "core/result.hpp"

#include <cstdint>

namespace kilnwatt::modbus {

/// Errors of one Modbus exchange. 1 to 11 are the protocol's own exception codes.
enum class errc {
    illegal_function = 1,
    illegal_data_address = 2,
    illegal_data_value = 3,
    device_failure = 4,
    acknowledge = 5,
    device_busy = 6,
    memory_parity_error = 8,
    gateway_path_unavailable = 10,
    gateway_target_failed = 11,

    /// No complete answer arrived within the response timeout.
    timeout = 100,
    /// An answer arrived that its length, CRC or function code makes impossible.
    malformed_reply,
    /// An exception code the protocol does not define.
    unknown_exception,
    /// The connection could not be made.
    connect_failed,
    /// The peer closed the connection before the answer was complete.
    connection_lost,
    /// The peer speaks HTTP or TLS: another service listens on this port.
    not_modbus,
    /// The serial device is not there (unplugged, wrong path).
    port_missing,
    /// No permission for the serial device, or another program holds it.
    port_denied,
    /// The request itself breaks a limit of the protocol.
    bad_request,
    /// The exchange was cancelled because the link stops.
    cancelled,
    /// The serial port cannot switch its RS-485 transceiver as asked.
    port_unswitched,
};

boost::system::error_category const& error_category() noexcept;
boost::system::error_code make_error_code(errc e) noexcept;

/// The errc of an exception code in a reply; unknown_exception for a code the protocol does not define.
errc exception_error(std::uint8_t code) noexcept;

/// True for exceptions 1, 2 and 3: the device answered that it does not have these registers.
bool is_refused_address(boost::system::error_code const& ec) noexcept;
/// True for 1 to 11 and unknown_exception: the device (or its gateway) answered, so the connection is fine.
bool is_exception(boost::system::error_code const& ec) noexcept;

/// True when a write that ended so may have reached the device: it was sent, and no answer says what became of it.
bool may_have_arrived(boost::system::error_code const& ec) noexcept;

} // namespace kilnwatt::modbus

namespace boost::system {
template <>
struct is_error_code_enum<kilnwatt::modbus::errc> : std::true_type {};
} // namespace boost::system
