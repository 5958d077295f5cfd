#pragma once

#include "core/link_address.hpp"
#include "protocols/modbus/pdu.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace kilnwatt::meter {

/// What speaks on a TCP port, as far as somebody who looked can tell.
enum class speaker : std::uint8_t { unknown, web, tls };

/// A request that failed, and what was found when the reason was looked for.
struct failure {
    boost::system::error_code error;  ///< modbus::errc or drivers::errc
    boost::system::error_code system; ///< why the connection or port could not be opened, when known
    link_address at;
    modbus::read_request request;
    std::chrono::milliseconds timeout{1000}; ///< response timeout in force
    speaker who = speaker::unknown;
};

/// One line without full stop: where, what is wrong, and what to try. Pure.
std::string advice(failure const& f);

} // namespace kilnwatt::meter
