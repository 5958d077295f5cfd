#include "core/link_address.hpp"

#include "core/spelling.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

namespace kilnwatt {
namespace {

constexpr std::uint16_t modbus_port = 502;
constexpr std::size_t host_max = 253;
constexpr std::size_t label_max = 63;
constexpr std::size_t path_max = 255;

constexpr std::string_view tcp_scheme = "tcp://";
constexpr std::string_view rtu_over_tcp_scheme = "rtu+tcp://";
constexpr std::string_view serial_scheme = "serial://";

/// Those that Linux and libmodbus both know by name.
constexpr std::array bauds{1200,   2400,   4800,   9600,   19200,  38400,  57600,
                           115200, 230400, 460800, 500000, 921600, 1000000};

bool take_prefix(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

template <class N>
std::optional<N> whole_number(std::string_view text)
{
    N n{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return n;
}

bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view name)
{
    if (name.empty() || name.size() > host_max)
        return false;
    while (!name.empty()) {
        auto const label = name.substr(0, name.find('.'));
        auto const ok =
            !label.empty() && label.size() <= label_max && is_letter_or_digit(label.front()) &&
            is_letter_or_digit(label.back()) &&
            std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
        if (!ok || name.size() == label.size() + 1) // a dot at the end
            return false;
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    return true;
}

bool is_ipv4(std::string const& text)
{
    in_addr number{};
    return inet_pton(AF_INET, text.c_str(), &number) == 1;
}

/// The one spelling of an IPv6 number; nothing when it is none.
std::optional<std::string> canonical_ipv6(std::string const& text)
{
    in6_addr number{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (inet_pton(AF_INET6, text.c_str(), &number) != 1 ||
        inet_ntop(AF_INET6, &number, out.data(), static_cast<socklen_t>(out.size())) == nullptr)
        return std::nullopt;
    return out.data();
}

/// Each function returns the sentence about what is wrong, "" when all is well.
std::string read_host(std::string_view& text, link_address& address)
{
    if (take_prefix(text, "[")) {
        auto const end = text.find(']');
        if (end == std::string_view::npos)
            return "the bracket before the IPv6 address is not closed";
        auto const number = canonical_ipv6(std::string{text.substr(0, end)});
        if (!number)
            return fmt::format("\"{}\" is no IPv6 address", text.substr(0, end));
        address.host = *number;
        text.remove_prefix(end + 1);
        return {};
    }
    auto const name = text.substr(0, text.find(':'));
    if (std::ranges::count(text, ':') > 1)
        return "an IPv6 address stands in brackets: tcp://[2001:db8::1]:502";
    text.remove_prefix(name.size());
    address.host = std::string{name};
    std::ranges::transform(address.host, address.host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name.empty())
        return "the host is missing: tcp://192.0.2.7";
    if (name.find_first_not_of("0123456789.") == std::string_view::npos)
        return is_ipv4(address.host) ? "" : fmt::format("\"{}\" is no IPv4 address", name);
    return is_host_name(address.host) ? "" : fmt::format("\"{}\" is no host name", name);
}

std::string read_port(std::string_view text, link_address& address)
{
    if (text.empty() && address.kind == link_kind::tcp) {
        address.port = modbus_port;
        return {};
    }
    if (text.empty())
        return "the port of the gateway is missing: rtu+tcp://192.0.2.7:4001";
    if (!take_prefix(text, ":"))
        return fmt::format("\"{}\" cannot follow the host; only a port can", text);
    auto const port = whole_number<std::uint16_t>(text);
    if (!port || *port == 0)
        return fmt::format("\"{}\" is no port; it is a number from 1 to 65535", text);
    address.port = *port;
    return {};
}

std::string read_host_and_port(std::string_view text, link_address& address)
{
    auto why = read_host(text, address);
    return why.empty() ? read_port(text, address) : why;
}

std::string set_baud(std::string_view value, serial_format& format)
{
    auto const baud = whole_number<int>(value);
    if (!baud || std::ranges::find(bauds, *baud) == bauds.end())
        return fmt::format("baud={} is no usual speed; choose one of {}", value, fmt::join(bauds, ", "));
    format.baud = *baud;
    return {};
}

std::string set_parity(std::string_view value, serial_format& format)
{
    if (value != "none" && value != "even" && value != "odd")
        return fmt::format("parity={} is unknown; choose none, even or odd", value);
    format.parity = static_cast<char>(value.front() - 'a' + 'A');
    return {};
}

std::string set_stop(std::string_view value, serial_format& format)
{
    auto const bits = whole_number<int>(value);
    if (!bits || (*bits != 1 && *bits != 2))
        return fmt::format("stop={} is not possible; choose 1 or 2", value);
    format.stop_bits = *bits;
    return {};
}

constexpr std::array<std::string_view, 4> drivers{"adapter", "kernel", "rts_up", "rts_down"}; ///< as in the enum

std::string set_driver(std::string_view value, serial_format& format)
{
    auto const hit = std::ranges::find(drivers, value);
    if (hit == drivers.end())
        return fmt::format("rs485={} is unknown; choose one of {}", value, fmt::join(drivers, ", "));
    format.driver = static_cast<rs485_driver>(hit - drivers.begin());
    return {};
}

std::string set_rts_delay(std::string_view value, serial_format& format)
{
    constexpr int delay_max = 100'000;
    auto const number = value.ends_with("us") ? whole_number<int>(value.substr(0, value.size() - 2)) : std::nullopt;
    if (!number || *number < 0 || *number > delay_max)
        return fmt::format("rts_delay={} is no delay; write for example rts_delay=200us, at most {}us", value,
                           delay_max);
    format.rts_delay = std::chrono::microseconds{*number};
    return {};
}

struct serial_key {
    std::string_view name;
    std::string (*set)(std::string_view, serial_format&);
};
constexpr std::array serial_keys{serial_key{"baud", set_baud}, serial_key{"parity", set_parity},
                                 serial_key{"stop", set_stop}, serial_key{"rs485", set_driver},
                                 serial_key{"rts_delay", set_rts_delay}};

std::string read_serial_keys(std::string_view text, serial_format& format)
{
    std::array<bool, serial_keys.size()> seen{};
    while (!text.empty()) {
        auto const item = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        auto const equals = item.find('=');
        auto const name = item.substr(0, equals);
        auto const key = std::ranges::find(serial_keys, name, &serial_key::name);
        if (key == serial_keys.end()) {
            auto const like = nearest(name, {"baud", "parity", "stop", "rs485", "rts_delay"}, 1);
            return fmt::format("\"{}\" is no setting of a serial line; {}", name,
                               like.empty() ? "there are baud, parity, stop, rs485 and rts_delay"
                                            : "did you mean " + like.front() + "?");
        }
        if (equals == std::string_view::npos)
            return fmt::format("\"{}\" has no value", name);
        if (std::exchange(seen.at(static_cast<std::size_t>(key - serial_keys.begin())), true))
            return fmt::format("\"{}\" is given twice", name);
        if (auto why = key->set(item.substr(equals + 1), format); !why.empty())
            return why;
    }
    return {};
}

std::string read_serial(std::string_view text, link_address& address)
{
    auto const path = text.substr(0, text.find('?'));
    if (!path.starts_with('/'))
        return "the path of the serial device must be absolute: serial:///dev/ttyUSB0";
    if (path.size() > path_max || std::ranges::any_of(path, [](char c) { return c <= ' ' || c == 0x7F; }))
        return "the path of the serial device is too long or has blanks in it";
    address.path = std::filesystem::path{path}.lexically_normal().string();
    if (address.path.ends_with('/'))
        return fmt::format("\"{}\" is a folder, not a serial device", address.path);
    text.remove_prefix(std::min(text.size(), path.size() + 1));
    auto why = read_serial_keys(text, address.serial);
    auto const& s = address.serial;
    auto const by_rts = s.driver == rs485_driver::rts_up || s.driver == rs485_driver::rts_down;
    if (why.empty() && s.rts_delay.count() > 0 && !by_rts)
        return "rts_delay is for rs485=rts_up and rs485=rts_down";
    return why;
}

/// What differs from the usual, as it stands in a URL.
std::string driver_keys(serial_format const& s)
{
    std::string keys;
    if (s.driver != rs485_driver::adapter)
        keys += fmt::format("&rs485={}", drivers.at(static_cast<std::size_t>(s.driver)));
    if (s.rts_delay.count() > 0)
        keys += fmt::format("&rts_delay={}us", s.rts_delay.count());
    return keys;
}

std::string read_url(std::string_view text, link_address& address)
{
    if (take_prefix(text, tcp_scheme)) {
        address.kind = link_kind::tcp;
        return read_host_and_port(text, address);
    }
    if (take_prefix(text, rtu_over_tcp_scheme)) {
        address.kind = link_kind::rtu_over_tcp;
        return read_host_and_port(text, address);
    }
    if (take_prefix(text, serial_scheme)) {
        address.kind = link_kind::serial;
        return read_serial(text, address);
    }
    return fmt::format("\"{}\" is no link; write tcp://host:502, rtu+tcp://host:port or "
                       "serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1",
                       text);
}

std::string_view parity_name(char parity)
{
    return parity == 'E' ? "even" : parity == 'O' ? "odd" : "none";
}

} // namespace

result<link_address> link_address::parse(std::string_view url, std::string& why)
{
    link_address address;
    why = read_url(url, address);
    if (!why.empty())
        return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    return address;
}

std::string link_address::url() const
{
    if (kind == link_kind::serial)
        return fmt::format("{}{}?baud={}&parity={}&stop={}{}", serial_scheme, path, serial.baud,
                           parity_name(serial.parity), serial.stop_bits, driver_keys(serial));
    auto const scheme = kind == link_kind::tcp ? tcp_scheme : rtu_over_tcp_scheme;
    auto const is_ipv6 = host.find(':') != std::string::npos;
    return is_ipv6 ? fmt::format("{}[{}]:{}", scheme, host, port) : fmt::format("{}{}:{}", scheme, host, port);
}

} // namespace kilnwatt
