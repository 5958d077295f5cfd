#pragma once

#include "core/link_address.hpp"
#include "core/result.hpp"
#include "protocols/modbus/bytes.hpp"
#include "protocols/modbus/error.hpp"

#include <chrono>

struct _modbus;

namespace kilnwatt::modbus {

/// A serial port, held exclusively: libmodbus opens it, sets its character format and drives it; bytes come in by poll
/// and read. Blocking calls of one thread; only interrupt() and rearm() may be called from another.
///
/// Errors: port_missing (no such device, unplugged; the port is closed then), port_denied (no permission, or another
/// program holds it), bad_request (a format no port has), port_unswitched (the port cannot switch an RS-485 transceiver
/// as asked), cancelled (interrupted).
class serial_port {
public:
    using clock = std::chrono::steady_clock;

    serial_port();
    ~serial_port();
    serial_port(serial_port const&) = delete;
    serial_port& operator=(serial_port const&) = delete;

    boost::system::error_code open(link_address const& address);
    void close();
    bool is_open() const { return context_ != nullptr; }

    /// Sends unit and PDU; the CRC is added.
    boost::system::error_code send(byte_view unit_and_pdu);
    /// Waits for bytes; 0 of them at the deadline.
    [[nodiscard]] result<std::size_t> receive(std::span<std::uint8_t> room, clock::time_point deadline);
    boost::system::error_code pause_until(clock::time_point at);

    /// Ends the call under way and every later one, until rearm().
    void interrupt();
    void rearm();

private:
    boost::system::error_code hold(std::string const& path);
    boost::system::error_code configure(link_address const& address);
    boost::system::error_code gone();

    _modbus* context_ = nullptr;
    int lock_ = -1; ///< a descriptor of the device that carries the lock
    int fd_ = -1;   ///< owned by context_
    int wake_ = -1; ///< eventfd
};

} // namespace kilnwatt::modbus
