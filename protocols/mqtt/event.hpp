#pragma once

#include "protocols/mqtt/session.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <variant>

namespace kilnwatt::mqtt {

/// How a connection attempt ended. `reason` is the broker's code, 0 when it sent none.
struct connect_event {
    boost::system::error_code error;
    int reason = 0;
    int receive_maximum = 65'535; ///< the broker's, MQTT 5 only
};

/// How a publish or a subscription ended.
struct answer_event {
    std::uint64_t number = 0;
    boost::system::error_code error;
    int reason = 0;
};

/// The connection broke. `reason` is that of the broker's DISCONNECT (MQTT 5), else 0.
struct loss_event {
    int reason = 0;
};

/// The connection asked for is gone and no further event of it follows.
struct closed_event {
};

using event = std::variant<connect_event, answer_event, loss_event, closed_event, message>;

} // namespace kilnwatt::mqtt
