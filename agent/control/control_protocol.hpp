#pragma once

#include "agent/poll/link_guests.hpp"
#include "protocols/modbus/pdu.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the command line and the agent say to each other over the local socket: JSON, one object a line, version 1.
/// A client sends a request and waits for its reply before the next.
///
///     {"v":1,"op":"hello"}                     -> {"v":1,"site":"/etc/kilnwatt/site.toml","links":2}
///     {"v":1,"op":"link","index":0}            -> {"v":1,"link":"tcp://192.0.2.7:502"}
///     {"v":1,"op":"read","link":"tcp://192.0.2.7:502","unit":1,"table":3,"address":0,"count":2}
///                                              -> {"v":1,"words":[17000,5243]}
///     {"v":1,"op":"write","link":"tcp://192.0.2.7:502","unit":1,"table":3,"address":7,"values":[50],"multiple":false}
///                                              -> {"v":1}
///     {"v":1,"op":"lease","link":"tcp://192.0.2.7:502","seconds":60}  -> {"v":1,"leased":60}
///     {"v":1,"op":"release","link":"tcp://192.0.2.7:502"}             -> {"v":1,"leased":0}
///     anything that fails                                             -> {"v":1,"error":"...","modbus":2}
///
/// "table" is the function code that reads it, "multiple" asks for function code 16 (15 for a coil) also for one value.
/// A write is of exactly the registers of a point that the agent's site file opened. "modbus" is the number of a
/// modbus::errc; without it the request itself was refused. Pure.
namespace kilnwatt::control {

inline constexpr int control_version = 1;
inline constexpr std::size_t control_line_max = 16'384; ///< bytes, line end included; a whole block of bits fits
inline constexpr std::size_t control_links_max = 10'000;
inline constexpr auto lease_max = std::chrono::duration_cast<std::chrono::seconds>(poll::link_guests::lease_max);

struct control_request {
    enum class verb : std::uint8_t { hello, link, read, write, lease, release } what = verb::hello;
    std::string link;                  ///< canonical URL, as the agent told it
    std::size_t index = 0;             ///< link: which
    modbus::read_request at;           ///< read, write
    std::vector<std::uint16_t> values; ///< write: at.count of them; of a coil 0 or 1
    bool multiple = false;             ///< write
    std::chrono::seconds lease{0};

    friend bool operator==(control_request const&, control_request const&) = default;
};

struct control_reply {
    std::string error;         ///< a sentence; "" = it worked
    std::optional<int> modbus; ///< modbus::errc of an exchange that failed
    std::optional<std::string> site;
    std::optional<std::size_t> links;
    std::optional<std::string> link;
    std::vector<std::uint16_t> words;
    std::optional<std::chrono::seconds> leased;

    friend bool operator==(control_reply const&, control_reply const&) = default;
};

/// With the line end; texts are cut to what the other side takes.
std::string to_line(control_request const& r);
std::string to_line(control_reply const& r);

/// Nothing, with a sentence in `why`, when the line (without its end) is no request (reply) of this version.
std::optional<control_request> parse_request(std::string_view line, std::string& why);
std::optional<control_reply> parse_reply(std::string_view line, std::string& why);

} // namespace kilnwatt::control
