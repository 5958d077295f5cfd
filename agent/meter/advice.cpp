#include "agent/meter/advice.hpp"

#include "protocols/modbus/error.hpp"

#include <boost/asio/error.hpp>
#include <fmt/format.h>

#include <cerrno>

namespace kilnwatt::meter {
namespace {

using modbus::errc;
namespace asio_error = boost::asio::error;

bool is_errno(boost::system::error_code const& ec, int number)
{
    return ec == boost::system::error_code{number, boost::system::system_category()};
}

std::string of_connect(failure const& f)
{
    auto const& s = f.system;
    if (s == asio_error::host_not_found || s == asio_error::host_not_found_try_again)
        return fmt::format("the name {} is not known; check its spelling, or write the IP address", f.at.host);
    if (s == asio_error::connection_refused)
        return fmt::format("the host is there, but port {} is closed; enable Modbus TCP on the device, or try "
                           "`kilnwatt meter scan {}` for other ports",
                           f.at.port, f.at.host);
    if (s == asio_error::host_unreachable || s == asio_error::network_unreachable)
        return fmt::format("there is no way to {}; check the IP address, the cable and the route", f.at.host);
    if (s == asio_error::timed_out)
        return "nothing answers at this address; check the IP address, the cable and the firewall";
    if (!s)
        return "the connection could not be made; many devices take one client only: is another program connected?";
    return fmt::format("the connection could not be made: {}", s.message());
}

std::string of_foreign_server(failure const& f)
{
    if (f.who == speaker::tls)
        return fmt::format("port {} speaks TLS, not Modbus; Modbus TCP usually listens on port 502", f.at.port);
    if (f.who == speaker::web)
        return fmt::format("a web server listens on port {}, not Modbus; Modbus TCP usually listens on port 502",
                           f.at.port);
    return fmt::format("port {} speaks HTTP or TLS, not Modbus; Modbus TCP usually listens on port 502", f.at.port);
}

std::string of_lost(failure const& f)
{
    if (f.who != speaker::unknown)
        return of_foreign_server(f);
    return "the peer closed the connection; many devices take one client only, or close for a unit they do not know: "
           "is another program connected, and is the unit right?";
}

std::string of_port_denied(failure const& f)
{
    if (is_errno(f.system, EACCES) || is_errno(f.system, EPERM))
        return "no permission for this port; `sudo usermod -aG dialout $USER` and log in again";
    return fmt::format("another program holds this port; `fuser {}` shows which", f.at.path);
}

std::string of_silence(failure const& f)
{
    auto const common = fmt::format("unit {} did not answer within {} ms", f.request.unit, f.timeout.count());
    if (f.at.kind == link_kind::tcp)
        return common + "; check the unit number (`kilnwatt meter scan` finds it)";
    return common + "; check unit, baud rate, parity and the A/B wires (`kilnwatt meter scan` finds the unit)";
}

std::string of_garbled(failure const& f)
{
    if (f.at.kind == link_kind::serial)
        return "what came back is no Modbus answer; check baud rate and parity, and that only one unit has this number";
    if (f.at.kind == link_kind::rtu_over_tcp)
        return "what came back is no RTU answer; does the gateway speak Modbus TCP? Then write tcp:// before the host";
    return "what came back is no Modbus TCP answer; does the gateway carry RTU frames? Then write rtu+tcp:// before "
           "the host";
}

std::string what_and_remedy(failure const& f)
{
    if (f.error.category() != modbus::error_category())
        return f.error.message();
    auto const& r = f.request;
    switch (static_cast<errc>(f.error.value())) {
    case errc::connect_failed:
        return of_connect(f);
    case errc::not_modbus:
        return of_foreign_server(f);
    case errc::connection_lost:
        return of_lost(f);
    case errc::port_denied:
        return of_port_denied(f);
    case errc::port_missing:
        return "there is no such serial port; `ls /dev/serial/by-id` shows those that are plugged in";
    case errc::timeout:
        return of_silence(f);
    case errc::malformed_reply:
        return of_garbled(f);
    case errc::illegal_function:
        return fmt::format("unit {} does not read this table (exception 1); try the other one: input instead of "
                           "holding, or the reverse",
                           r.unit);
    case errc::illegal_data_address:
        return fmt::format("unit {} does not have address {}{} (exception 2); manuals often count from 1: try {}, the "
                           "other table, or fewer registers",
                           r.unit, r.address, r.count > 1 ? fmt::format(" to {}", r.address + r.count - 1) : "",
                           r.address == 0 ? 1 : r.address - 1);
    case errc::illegal_data_value:
        return fmt::format("unit {} refuses {} at once (exception 3); try fewer", r.unit, r.count);
    case errc::gateway_path_unavailable:
    case errc::gateway_target_failed:
        return fmt::format("the gateway answers, but unit {} behind it does not (exception {}); check the unit number "
                           "and the line behind the gateway",
                           r.unit, f.error.value());
    default:
        return f.error.message();
    }
}

} // namespace

std::string advice(failure const& f)
{
    return f.at.url() + ": " + what_and_remedy(f);
}

} // namespace kilnwatt::meter
