#pragma once

#include "protocols/modbus/exchange.hpp"
#include "protocols/modbus/link_pace.hpp"
#include "protocols/modbus/serial_port.hpp"

namespace kilnwatt::modbus {

/// Modbus RTU on a serial port, blocking: the part of serial_link that runs on the line's own thread.
///
/// The deadline of an answer is the response timeout plus the time request and answer take on the line. A port that
/// was lost while it was idle is opened anew once within the same exchange, but a write is sent once.
class serial_line {
public:
    serial_line(link_address const& address, link_timing const& timing);

    /// Of one read or a write.
    boost::system::error_code carry(question const& asked);
    void close() { port_.close(); }
    bool is_open() const { return port_.is_open(); }
    link_statistics const& statistics() const { return exchange_.statistics(); }

    /// From another thread: ends the exchange under way and every later one, until rearm().
    void interrupt() { port_.interrupt(); }
    void rearm() { port_.rearm(); }

private:
    using clock = link_pace::clock;

    boost::system::error_code attempt(question const& asked);
    boost::system::error_code open();
    boost::system::error_code drop_stale_bytes();
    boost::system::error_code answer(clock::time_point deadline);

    link_address address_;
    link_timing timing_;
    exchange exchange_;
    link_pace pace_;
    serial_port port_;
    bool sent_ = false;                      ///< in the exchange under way
    boost::system::error_code open_failure_; ///< of the last attempt to open
};

} // namespace kilnwatt::modbus
