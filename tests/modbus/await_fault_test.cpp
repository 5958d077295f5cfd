#include "link_bench.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// A read waits at several places. At each of them the far end may go away or talk nonsense, and the owner may cancel
/// or close: the read ends with one cause, and the next one is right. Runs over every kind of link.
namespace {

read_request const one{1, table::holding_registers, 0, 1};
constexpr auto wait_of_the_link = 50ms;

enum class moment : std::uint8_t { connect_delay, request_gap, before_the_answer, inside_the_answer };
enum class event : std::uint8_t { hung_up, noise, cancelled, closed };

std::string name_of(moment m)
{
    constexpr std::array names{"while the connect delay runs", "while the request gap runs", "before the answer",
                               "inside the answer"};
    return names.at(static_cast<std::size_t>(m));
}

/// What the far end does; nothing when the owner acts.
void strike(scripted_peer& p, event e)
{
    if (e == event::hung_up) {
        p.hang_up();
        p.accept();
    } else if (e == event::noise) {
        p.send(octets(9, 0x5A));
    }
}

void play(scripted_peer& p, moment at, event e)
{
    p.accept();
    if (at == moment::request_gap) {
        p.send(p.answer(p.request(), {42}));
        p.wait_for_go();
    }
    if (at == moment::before_the_answer || at == moment::inside_the_answer) {
        auto const answer = p.answer(p.request(), {42});
        if (at == moment::inside_the_answer)
            p.send({answer.begin(), answer.begin() + 4});
    }
    p.mark();
    strike(p, e);
    p.mark();
    auto const askew = e == event::noise || (e == event::cancelled && at == moment::inside_the_answer);
    if (e == event::closed || (askew && p.address().kind == link_kind::tcp))
        p.accept(); // the link reopens
    while (true)
        p.send(p.answer(p.request(), {42}));
}

bool is_cause_of(boost::system::error_code const& error, event e)
{
    if (e == event::hung_up)
        return error == errc::connection_lost || error == errc::port_missing;
    if (e == event::noise)
        return error == errc::malformed_reply;
    return error == errc::cancelled;
}

} // namespace

TEST_CASE("link: whatever happens while it waits, the read has one cause and the next one is right",
          "[modbus][link][fault]")
{
    auto const kind = GENERATE(link_kind::tcp, link_kind::rtu_over_tcp, link_kind::serial);
    auto const at = GENERATE(moment::connect_delay, moment::request_gap, moment::before_the_answer,
                             moment::inside_the_answer);
    auto const what = GENERATE(event::hung_up, event::noise, event::cancelled, event::closed);
    INFO("link kind " << static_cast<int>(kind) << ", " << name_of(at) << ", event " << static_cast<int>(what));

    scripted_peer peer{kind, [=](scripted_peer& p) { play(p, at, what); }};
    auto timing = patient(250ms);
    (at == moment::connect_delay ? timing.connect_delay : timing.request_gap) = wait_of_the_link;
    link_bench bench{peer.address(), timing};
    auto const& counts = bench.link().statistics();
    if (at == moment::request_gap) {
        REQUIRE(bench.read(one).has_value());
        peer.go_on();
    }

    auto polls = 0;
    auto const reached = [&] {
        if (kind == link_kind::serial || at == moment::request_gap) // on the line's own thread, or at once
            return polls++ > 0 && peer.wait_for_mark(1);
        if (at == moment::connect_delay)
            return counts.connects == 1;
        return at == moment::before_the_answer ? counts.requests == 1 : counts.bytes_received > 0;
    };
    auto const got = bench.read_struck(one, reached, [&](auto const& cancel) {
        if (what == event::cancelled)
            cancel();
        if (what == event::closed)
            bench.link().close();
    });
    auto const by_owner = what == event::cancelled || what == event::closed;
    if (got.has_error())
        CHECK(is_cause_of(got.error(), what));
    else
        CHECK((!by_owner && *got == std::vector<std::uint16_t>{42}));

    if (kind == link_kind::serial)
        REQUIRE(peer.wait_for_mark(2)); // the adapter is plugged in again
    auto const next = bench.read(one);
    INFO("next: " << (next.has_error() ? next.error().message() : "values"));
    REQUIRE(next.has_value());
    CHECK(*next == std::vector<std::uint16_t>{42});
}
