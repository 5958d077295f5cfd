#include "core/link_address.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kilnwatt;

namespace {

struct spelling {
    char const* written;
    char const* canonical;
};

} // namespace

TEST_CASE("link_address: equal links have one spelling", "[core][link_address]")
{
    for (auto const& s : std::vector<spelling>{
             {"tcp://192.0.2.7", "tcp://192.0.2.7:502"},
             {"tcp://192.0.2.7:502", "tcp://192.0.2.7:502"},
             {"tcp://Inverter-1.Plant.example:1502", "tcp://inverter-1.plant.example:1502"},
             {"tcp://[2001:DB8:0:0::7]", "tcp://[2001:db8::7]:502"},
             {"tcp://[::1]:15020", "tcp://[::1]:15020"},
             {"rtu+tcp://gateway:4001", "rtu+tcp://gateway:4001"},
             {"serial:///dev/ttyUSB0", "serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1"},
             {"serial:///dev//serial/../ttyS1?stop=2&baud=19200", "serial:///dev/ttyS1?baud=19200&parity=none&stop=2"},
             {"serial:///dev/ttyS1?parity=even", "serial:///dev/ttyS1?baud=9600&parity=even&stop=1"},
             {"serial:///dev/ttyS1?parity=odd&baud=115200", "serial:///dev/ttyS1?baud=115200&parity=odd&stop=1"},
             {"serial:///dev/ttyS1?rs485=adapter", "serial:///dev/ttyS1?baud=9600&parity=none&stop=1"},
             {"serial:///dev/ttyS1?rs485=kernel", "serial:///dev/ttyS1?baud=9600&parity=none&stop=1&rs485=kernel"},
             {"serial:///dev/ttyS1?rts_delay=200us&rs485=rts_up",
              "serial:///dev/ttyS1?baud=9600&parity=none&stop=1&rs485=rts_up&rts_delay=200us"},
         }) {
        INFO(s.written);
        std::string why;
        auto const address = link_address::parse(s.written, why);
        REQUIRE(address.has_value());
        CHECK(why.empty());
        CHECK(address->url() == s.canonical);
        auto const again = link_address::parse(address->url(), why);
        REQUIRE(again.has_value());
        CHECK(*again == *address);
    }
}

TEST_CASE("link_address: the parts of an address are told apart", "[core][link_address]")
{
    std::string why;
    auto const tcp = link_address::parse("tcp://[2001:db8::7]:1502", why);
    REQUIRE(tcp.has_value());
    CHECK(tcp->kind == link_kind::tcp);
    CHECK(tcp->host == "2001:db8::7");
    CHECK(tcp->port == 1502);

    auto const serial = link_address::parse("serial:///dev/ttyUSB0?baud=38400&parity=even&stop=2", why);
    REQUIRE(serial.has_value());
    CHECK(serial->kind == link_kind::serial);
    CHECK(serial->path == "/dev/ttyUSB0");
    CHECK(serial->serial == serial_format{38400, 'E', 8, 2});
}

TEST_CASE("link_address: each mistake has its sentence", "[core][link_address]")
{
    struct mistake {
        char const* written;
        char const* says;
    };
    for (auto const& m : std::vector<mistake>{
             {"", "is no link"},
             {"192.0.2.7:502", "is no link"},
             {"http://192.0.2.7", "is no link"},
             {"TCP://192.0.2.7", "is no link"},
             {"tcp://", "host is missing"},
             {"tcp://:502", "host is missing"},
             {"tcp://192.0.2.300", "no IPv4 address"},
             {"tcp://192.0.2", "no IPv4 address"},
             {"tcp://host:0", "1 to 65535"},
             {"tcp://host:65536", "1 to 65535"},
             {"tcp://host:", "1 to 65535"},
             {"tcp://host:+5", "1 to 65535"},
             {"tcp://host:502/", "1 to 65535"},
             {"tcp://host/", "no host name"},
             {"tcp://my host", "no host name"},
             {"tcp://host.", "no host name"},
             {"tcp://-host", "no host name"},
             {"tcp://a..b", "no host name"},
             {"tcp://2001:db8::7", "brackets"},
             {"tcp://[2001:db8::7", "not closed"},
             {"tcp://[2001:db8::7]x", "cannot follow"},
             {"tcp://[192.0.2.7]", "no IPv6 address"},
             {"rtu+tcp://gateway", "port of the gateway is missing"},
             {"serial://dev/ttyUSB0", "must be absolute"},
             {"serial://", "must be absolute"},
             {"serial:///dev/", "is a folder"},
             {"serial:///dev/tty USB0", "blanks"},
             {"serial:///dev/ttyUSB0?baud=9601", "no usual speed"},
             {"serial:///dev/ttyUSB0?baud=", "no usual speed"},
             {"serial:///dev/ttyUSB0?baud", "has no value"},
             {"serial:///dev/ttyUSB0?parity=E", "choose none, even or odd"},
             {"serial:///dev/ttyUSB0?stop=3", "choose 1 or 2"},
             {"serial:///dev/ttyUSB0?rs485=on", "choose one of adapter, kernel, rts_up, rts_down"},
             {"serial:///dev/ttyUSB0?rs485=rts_up&rts_delay=2ms", "write for example rts_delay=200us"},
             {"serial:///dev/ttyUSB0?rs485=kernel&rts_delay=2us", "is for rs485=rts_up and rs485=rts_down"},
             {"serial:///dev/ttyUSB0?parrity=even", "did you mean parity?"},
             {"serial:///dev/ttyUSB0?baud=9600&baud=19200", "given twice"},
         }) {
        INFO(m.written);
        std::string why;
        auto const address = link_address::parse(m.written, why);
        REQUIRE(address.has_error());
        INFO(why);
        CHECK(why.find(m.says) != std::string::npos);
    }
}
