#pragma once

#include "protocols/modbus/exchange.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace kilnwatt::fuzz {

/// A request, on TCP up to three at once, and the rest of the input as what the far end sends, in pieces whose sizes the
/// input chooses too.
/// Whatever comes: the buffer always has room, every byte is looked at a bounded number of times, and an answer without
/// an error has filled exactly the words asked for.
inline void play_exchange(modbus::framing how, std::uint8_t const* data, std::size_t size)
{
    constexpr std::size_t head = 6;
    if (size < head)
        return;
    modbus::link_timing timing;
    timing.lenient_transaction_id = (data[0] & 1) != 0;
    timing.local_echo = (data[0] & 2) != 0;
    modbus::read_request const request{static_cast<std::uint8_t>(data[1] == 0 ? 1 : data[1]),
                                       static_cast<modbus::table>(1 + data[2] % 4), modbus::get_u16({data, size}, 3),
                                       static_cast<std::uint16_t>(1 + data[5] % modbus::registers_max)};
    if (!modbus::is_valid(request))
        return;
    modbus::exchange dut{how, timing};
    constexpr std::uint16_t untouched = 0xA5A5;
    auto const jobs_max = how == modbus::framing::tcp && !timing.lenient_transaction_id ? 1 + (data[0] >> 2) % 3u : 1u;
    std::vector<std::uint16_t> words(request.count + 1u, untouched);
    std::vector<modbus::read_job> jobs(jobs_max, {request, {words.data(), request.count}});
    dut.begin(jobs);
    for (auto at = head; at < size;) {
        auto const room = dut.room();
        if (room.empty())
            std::abort();
        auto const n = std::min({room.size(), size - at, std::size_t{1} + data[at] % 64});
        std::copy_n(data + at, n, room.begin());
        at += n;
        auto const end = dut.received(n);
        if (words.back() != untouched)
            std::abort();
        if (!end)
            continue;
        if (end->reopen)
            dut.connected();
        dut.begin(jobs);
    }
    if (!dut.expired().ec)
        std::abort();
}

} // namespace kilnwatt::fuzz
