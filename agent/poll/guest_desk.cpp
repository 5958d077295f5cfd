#include "agent/poll/guest_desk.hpp"

#include <array>
#include <utility>

namespace kilnwatt::poll {
namespace {

using modbus::link_statistics;

constexpr std::array counters{&link_statistics::requests,   &link_statistics::replies,
                              &link_statistics::exceptions, &link_statistics::timeouts,
                              &link_statistics::strangers,  &link_statistics::malformed,
                              &link_statistics::connects,   &link_statistics::bytes_sent,
                              &link_statistics::bytes_received};

} // namespace

bool guest_desk::ask(guest g, guest_request request)
{
    if (!turns_.ask(g))
        return false;
    requests_.insert_or_assign(g, std::move(request));
    return true;
}

void guest_desk::leave(guest g)
{
    turns_.leave(g);
    requests_.erase(g);
}

void guest_desk::refuse_all(boost::system::error_code why)
{
    auto const all = std::exchange(requests_, {});
    for (auto const& [g, request] : all) {
        turns_.leave(g);
        request.done(why, {});
    }
}

asio::awaitable<void> guest_desk::serve(guest g, modbus::link& link, plant_clock clock)
{
    auto const asked = requests_.at(g); // a copy: the guest may leave meanwhile
    auto const before = link.statistics();
    auto const began = clock.now().mono;
    std::vector<std::uint16_t> words;
    auto const reply = co_await carry(asked, link, words);
    auto const now = clock.now().mono;
    turns_.served(g, now, now - began);
    auto const& after = link.statistics();
    for (auto const c : counters)
        counts_.*c += after.*c - before.*c;

    auto const has_left = requests_.erase(g) == 0;
    if (!has_left || asked.write)
        asked.done(reply.has_error() ? reply.error() : boost::system::error_code{}, std::move(words));
}

/// `words` are empty after a write and after a failure.
asio::awaitable<result<void>> guest_desk::carry(guest_request const& asked, modbus::link& link,
                                                std::vector<std::uint16_t>& words)
{
    if (asked.write) {
        modbus::write_request const request{asked.at.unit, asked.write->how, asked.at.address, asked.write->values};
        co_return co_await link.write(request);
    }
    words.resize(asked.at.count);
    auto reply = co_await link.read(asked.at, words);
    if (reply.has_error())
        words.clear();
    co_return reply;
}

modbus::link_statistics guest_desk::without_guests(link_statistics all) const
{
    for (auto const c : counters)
        all.*c -= counts_.*c;
    return all;
}

} // namespace kilnwatt::poll
