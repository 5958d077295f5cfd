#include "drivers/request_cost.hpp"

#include "protocols/modbus/line_time.hpp"
#include "protocols/modbus/rtu_framing.hpp"
#include "protocols/modbus/tcp_framing.hpp"

#include <algorithm>

namespace kilnwatt::drivers {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds line_reaction = 20ms;
constexpr nanoseconds tcp_reaction = 5ms;
constexpr nanoseconds tcp_register = 200us;

constexpr std::size_t rtu_extra = 3; ///< unit and CRC
constexpr std::size_t reply_head = 2; ///< function and byte count

} // namespace

link_cost with_usual_device(link_cost cost)
{
    cost.reaction = cost.kind == link_kind::tcp ? tcp_reaction : line_reaction;
    cost.per_register = cost.kind == link_kind::tcp ? tcp_register : nanoseconds::zero();
    return cost;
}

request_cost cost_of(read_range const& r, link_cost const& link)
{
    modbus::read_request const request{1, r.from, r.address, r.count};
    auto const extra = link.kind == link_kind::tcp ? modbus::tcp_header_size : rtu_extra;
    request_cost c{modbus::request_pdu{}.size() + extra, reply_head + modbus::reply_byte_count(request) + extra};
    c.time = link.reaction + link.per_register * r.count + link.request_gap;
    if (link.kind == link_kind::tcp)
        return c;
    auto const silence = modbus::frame_gap(link.serial);
    c.time = link.reaction + modbus::line_time(link.serial, c.bytes_sent + c.bytes_received) + silence +
             std::max(silence, link.request_gap);
    return c;
}

std::uint16_t worthwhile_gap(link_cost const& link)
{
    auto const table = modbus::table::holding_registers;
    auto const one = cost_of({table, 0, 1}, link).time;
    auto const each = cost_of({table, 0, 2}, link).time - one;
    auto const request = one - each;
    if (each <= nanoseconds::zero())
        return request > nanoseconds::zero() ? gap_max : std::uint16_t{0};
    return static_cast<std::uint16_t>(std::min<nanoseconds::rep>(request / each, gap_max));
}

} // namespace kilnwatt::drivers
