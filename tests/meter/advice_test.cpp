#include "agent/meter/advice.hpp"
#include "protocols/modbus/error.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>

#include <cerrno>

using namespace kilnwatt;
using namespace kilnwatt::meter;
using modbus::errc;
namespace asio_error = boost::asio::error;

namespace {

link_address at(std::string const& url)
{
    std::string why;
    return link_address::parse(url, why).value();
}

std::string told(failure f)
{
    auto const line = advice(f);
    CHECK(line.find('\n') == std::string::npos);
    return line;
}

boost::system::error_code system(int number)
{
    return {number, boost::system::system_category()};
}

} // namespace

TEST_CASE("advice: why a connection could not be made decides what to try", "[meter][advice]")
{
    auto const to = at("tcp://meter-7:502");
    CHECK(told({errc::connect_failed, asio_error::host_not_found, to}) ==
          "tcp://meter-7:502: the name meter-7 is not known; check its spelling, or write the IP address");
    CHECK(told({errc::connect_failed, asio_error::connection_refused, to}).find("port 502 is closed") !=
          std::string::npos);
    CHECK(told({errc::connect_failed, asio_error::host_unreachable, to}).find("no way to meter-7") !=
          std::string::npos);
    CHECK(told({errc::connect_failed, asio_error::timed_out, to}).find("nothing answers") != std::string::npos);
    CHECK(told({errc::connect_failed, {}, to}).find("one client only") != std::string::npos);
}

TEST_CASE("advice: another service on the port is named", "[meter][advice]")
{
    failure f{errc::not_modbus, {}, at("tcp://192.0.2.7:443")};
    f.who = speaker::tls;
    CHECK(told(f) == "tcp://192.0.2.7:443: port 443 speaks TLS, not Modbus; Modbus TCP usually listens on port 502");
    f.who = speaker::web;
    CHECK(told(f).find("a web server listens on port 443") != std::string::npos);
    f.error = errc::connection_lost;
    CHECK(told(f).find("a web server listens on port 443") != std::string::npos);
    f.who = speaker::unknown;
    CHECK(told(f).find("one client only") != std::string::npos);
}

TEST_CASE("advice: a serial port without permission and one in use are told apart", "[meter][advice]")
{
    auto const line = at("serial:///dev/ttyUSB0?baud=9600");
    CHECK(told({errc::port_denied, system(EACCES), line}).find("usermod -aG dialout") != std::string::npos);
    CHECK(told({errc::port_denied, {}, line}).find("fuser /dev/ttyUSB0") != std::string::npos);
    CHECK(told({errc::port_missing, {}, line}).find("/dev/serial/by-id") != std::string::npos);
}

TEST_CASE("advice: silence names the unit, and on a line the wires too", "[meter][advice]")
{
    modbus::read_request const r{.unit = 9};
    CHECK(told({errc::timeout, {}, at("tcp://192.0.2.7"), r}) ==
          "tcp://192.0.2.7:502: unit 9 did not answer within 1000 ms; check the unit number (`kilnwatt meter scan` "
          "finds it)");
    CHECK(told({errc::timeout, {}, at("rtu+tcp://192.0.2.7:4001"), r}).find("A/B wires") != std::string::npos);
    CHECK(told({errc::gateway_target_failed, {}, at("tcp://192.0.2.7"), r}).find("unit 9 behind it") !=
          std::string::npos);
    CHECK(told({errc::malformed_reply, {}, at("rtu+tcp://192.0.2.7:4001"), r}).find("write tcp://") !=
          std::string::npos);
}

TEST_CASE("advice: an address the device lacks proposes the neighbour", "[meter][advice]")
{
    modbus::read_request const r{.unit = 1, .address = 30001, .count = 2};
    CHECK(told({errc::illegal_data_address, {}, at("tcp://192.0.2.7"), r}) ==
          "tcp://192.0.2.7:502: unit 1 does not have address 30001 to 30002 (exception 2); manuals often count from 1: "
          "try 30000, the other table, or fewer registers");
    CHECK(told({errc::illegal_function, {}, at("tcp://192.0.2.7"), r}).find("the other one") != std::string::npos);
}

TEST_CASE("advice: every error of a link has a line", "[meter][advice]")
{
    for (int e : {1, 2, 3, 4, 5, 6, 8, 10, 11, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109})
        CHECK(told({static_cast<errc>(e), {}, at("tcp://192.0.2.7")}).size() > 30);
}
