#pragma once

#include "core/link_address.hpp"
#include "drivers/read_plan.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kilnwatt::drivers {

/// What a request costs on a link. For planning, before any hardware is there.
struct link_cost {
    link_kind kind = link_kind::tcp;
    serial_format serial;                    ///< of the line, also of the one behind an RTU gateway
    std::chrono::nanoseconds request_gap{0}; ///< between an answer and the next request
    std::chrono::nanoseconds reaction{0};    ///< from a request to the device's answer, beside the line's own time
    std::chrono::nanoseconds per_register{0};
};

/// The same with what devices of this kind of link usually take: 20 ms on a line, 5 ms and 0.2 ms a register on TCP.
link_cost with_usual_device(link_cost cost);

struct request_cost {
    std::size_t bytes_sent = 0;
    std::size_t bytes_received = 0;
    std::chrono::nanoseconds time{0}; ///< how long it occupies the link, gaps included
};

/// Of one valid read: frames as Modbus TCP or RTU; on a line its characters and the silence before and after the
/// answer (3.5 characters each, or the longer request_gap).
request_cost cost_of(read_range const& r, link_cost const& link);

/// The most unused registers that are read more cheaply than a second request is made; at most gap_max.
inline constexpr std::uint16_t gap_max = 32;
std::uint16_t worthwhile_gap(link_cost const& link);

} // namespace kilnwatt::drivers
