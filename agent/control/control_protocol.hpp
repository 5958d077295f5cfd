#pragma once

#include "protocols/modbus/pdu.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the command line and the agent say to each other over the local socket: JSON, one object a line, version 1.
///
///     {"v":1,"op":"owns","link":"tcp://192.0.2.7:502"}                       -> {"v":1,"owns":true}
///     {"v":1,"op":"read","link":"tcp://192.0.2.7:502","unit":1,"table":3,"address":0,"count":2}
///                                                                            -> {"v":1,"words":[17000,5243]}
///     {"v":1,"op":"lease","link":"tcp://192.0.2.7:502","seconds":60}         -> {"v":1,"leased":60}
///     {"v":1,"op":"release","link":"tcp://192.0.2.7:502"}                    -> {"v":1,"leased":0}
///     anything that fails                                                    -> {"v":1,"modbus":2,"error":"..."}
///
/// "modbus" is the number of a modbus::errc; without it the request itself was refused. Pure.
namespace kilnwatt::control {

inline constexpr int control_version = 1;
inline constexpr std::size_t control_line_max = 16'384; ///< bytes, line end included; a whole block of bits fits
inline constexpr std::chrono::seconds lease_max{600};

struct control_request {
    enum class verb : std::uint8_t { owns, read, lease, release } what = verb::owns;
    std::string link; ///< canonical URL
    modbus::read_request read;
    std::chrono::seconds lease{0};

    friend bool operator==(control_request const&, control_request const&) = default;
};

struct control_reply {
    std::optional<bool> owns;
    std::vector<std::uint16_t> words;
    std::optional<std::chrono::seconds> leased;
    std::optional<int> modbus; ///< modbus::errc of a read that failed
    std::string error;         ///< a sentence; "" = it worked

    friend bool operator==(control_reply const&, control_reply const&) = default;
};

std::string to_line(control_request const& r);
std::string to_line(control_reply const& r);

/// Nothing, with a sentence in `why`, when the line is no request (reply) of this version.
std::optional<control_request> parse_request(std::string_view line, std::string& why);
std::optional<control_reply> parse_reply(std::string_view line, std::string& why);

} // namespace kilnwatt::control
