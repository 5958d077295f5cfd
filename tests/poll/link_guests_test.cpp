#include "agent/poll/link_guests.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;

namespace {

mono_time at(milliseconds t)
{
    return mono_time{t};
}

} // namespace

TEST_CASE("link_guests: a guest is served at once on a link left alone, one request at a time", "[poll][guests]")
{
    link_guests g;
    CHECK_FALSE(g.next(at(0ms)).serve);
    CHECK(g.ask(1));
    CHECK_FALSE(g.ask(1));
    CHECK(g.ask(2));
    CHECK(g.next(at(0ms)).serve == 1U);
    g.served(1, at(20ms), 20ms);
    CHECK(g.next(at(20ms)).serve == 2U);
    CHECK(g.ask(1));
}

TEST_CASE("link_guests: guests that ask without end take a fifth of the time", "[poll][guests]")
{
    link_guests g;
    auto now = 0ms;
    auto taken = 0ms;
    while (now < 600s) {
        auto const next = [&] {
            (void)g.ask(1);
            (void)g.ask(2);
            return g.next(at(now));
        }();
        if (next.serve) {
            now += 30ms;
            taken += 30ms;
            g.served(*next.serve, at(now), 30ms);
        } else {
            REQUIRE(next.not_before);
            REQUIRE(*next.not_before > at(now));
            now = next.not_before->time_since_epoch();
        }
    }
    CHECK(taken <= 121s);
    CHECK(taken >= 118s);
}

TEST_CASE("link_guests: a lease pauses polling for its holder only, and ends by itself", "[poll][guests]")
{
    link_guests g;
    CHECK(g.lease(1, at(0s), 60s));
    CHECK_FALSE(g.lease(2, at(1s), 60s));
    CHECK(g.leased_until(at(59s)) == at(60s));
    CHECK(g.ask(2));
    CHECK_FALSE(g.next(at(1s)).serve);
    CHECK(g.next(at(1s)).not_before == at(60s));
    for (int i = 0; i < 100; ++i) { // the holder is not held to a fifth
        CHECK(g.ask(1));
        CHECK(g.next(at(1s)).serve == 1U);
        g.served(1, at(1s), 500ms);
    }
    CHECK_FALSE(g.leased_until(at(60s)));
    CHECK(g.next(at(60s)).serve == 2U);
    CHECK(g.lease(2, at(60s), 24h));
    CHECK(g.leased_until(at(61s)) == at(60s + link_guests::lease_max));
}

TEST_CASE("link_guests: a guest that leaves waits no more and gives its lease back", "[poll][guests]")
{
    link_guests g;
    CHECK(g.lease(1, at(0s), 60s));
    CHECK(g.ask(1));
    g.leave(1);
    CHECK_FALSE(g.leased_until(at(1s)));
    CHECK_FALSE(g.next(at(1s)).serve);
    CHECK(g.lease(2, at(1s), 60s));
}

TEST_CASE("link_guests: the queue is bounded", "[poll][guests]")
{
    link_guests g;
    for (link_guests::guest i = 0; i < link_guests::waiting_max; ++i)
        CHECK(g.ask(i));
    CHECK_FALSE(g.ask(99));
}
