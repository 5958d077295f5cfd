#include "protocols/modbus/serial_line.hpp"

#include "protocols/modbus/line_time.hpp"

namespace kilnwatt::modbus {
namespace {

using boost::system::error_code;

constexpr std::size_t crc_size = 2;
constexpr std::size_t stale_max =
    8192; ///< bytes dropped before a request; a line that is never silent is not waited for

} // namespace

serial_line::serial_line(link_address const& address, link_timing const& timing)
    : address_{address}, timing_{timing}, exchange_{framing::rtu, timing}, pace_{timing, frame_gap(address.serial),
                                                                                 exchange_.late_answers_fit()}
{}

error_code serial_line::carry(question const& asked)
{
    auto const was_open = port_.is_open();
    sent_ = false;
    auto ec = attempt(asked);
    auto const may_be_sent_again = !sent_ || !std::holds_alternative<write_request>(asked);
    if (ec == errc::port_missing && was_open && !exchange_.heard() && may_be_sent_again)
        ec = attempt(asked);
    if (ec == errc::timeout || ec == errc::cancelled)
        pace_.unanswered(shape_of(asked), clock::now());
    else
        pace_.ended(shape_of(asked).unit, clock::now());
    return ec;
}

error_code serial_line::attempt(question const& asked)
{
    if (auto const ec = open(); ec)
        return ec;
    if (auto const ec = port_.pause_until(pace_.send_at(shape_of(asked))); ec)
        return ec;
    if (auto const ec = drop_stale_bytes(); ec)
        return ec;
    auto const frame = exchange_.ask(asked);
    sent_ = true;
    if (auto const ec = port_.send(frame.first(frame.size() - crc_size)); ec)
        return ec;
    auto const on_the_line = line_time(address_.serial, frame.size() + 1 + shape_of(asked).size() + crc_size);
    return answer(clock::now() + on_the_line + timing_.response_timeout);
}

error_code serial_line::open()
{
    if (port_.is_open())
        return {};
    auto const now = clock::now();
    auto const wait = pace_.until_connect(now);
    if (!wait)
        return open_failure_;
    if (auto const ec = port_.pause_until(now + *wait); ec)
        return ec;
    open_failure_ = port_.open(address_);
    if (open_failure_) {
        pace_.connect_failed(clock::now());
        return open_failure_;
    }
    pace_.connected(clock::now());
    exchange_.connected();
    return {};
}

error_code serial_line::drop_stale_bytes()
{
    exchange_.forget();
    std::array<std::uint8_t, 512> stale;
    for (std::size_t dropped = 0; dropped < stale_max;) {
        auto const n = port_.receive(stale, clock::now());
        if (n.has_error())
            return n.error();
        if (*n == 0)
            return {};
        exchange_.dropped(*n);
        dropped += *n;
    }
    return {};
}

error_code serial_line::answer(clock::time_point deadline)
{
    while (true) {
        auto const n = port_.receive(exchange_.room(), deadline);
        if (n.has_error())
            return n.error();
        auto end = exchange_.received(*n);
        if (!end && clock::now() >= deadline) // also on a line that is never silent
            end = exchange_.expired();
        if (!end)
            continue;
        if (end->reopen)
            port_.close();
        return end->ec;
    }
}

} // namespace kilnwatt::modbus
