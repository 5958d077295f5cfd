#pragma once

#include "core/result.hpp"
#include "protocols/modbus/pdu.hpp"

#include <cstdint>
#include <span>

namespace kilnwatt::simulator {

/// What a server serves: one Modbus unit, whatever its registers come from.
class modbus_unit {
public:
    virtual ~modbus_unit() = default;

    virtual std::uint8_t unit() const = 0;
    /// True when it does not answer at all.
    virtual bool is_silent() = 0;
    /// Words of the request, or what goes wrong: an exception is answered; timeout stays unanswered, malformed_reply is
    /// answered with what is no Modbus, and connection_lost ends the connection.
    [[nodiscard]] virtual result<void> read(modbus::read_request const& request, std::span<std::uint16_t> words) = 0;
};

} // namespace kilnwatt::simulator
