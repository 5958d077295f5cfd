#include "agent/poll/link_load.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;

namespace {

planned_poll poll_of(drivers::poll_class c, milliseconds period, milliseconds time)
{
    planned_poll p{"meter", c, period};
    p.requests.resize(1);
    p.costs.push_back({.time = time});
    return p;
}

using drivers::poll_class;

} // namespace

TEST_CASE("link_load: shares of all classes add up to the utilisation", "[poll][link_load]")
{
    link_load const load{{poll_of(poll_class::fast, 1s, 100ms), poll_of(poll_class::normal, 10s, 500ms)}};
    CHECK(load.utilisation() == Approx(0.15));
    CHECK(load.cycle() == 600ms);
    CHECK_FALSE(load.too_much());
}

TEST_CASE("link_load: an overload names the smallest interval of the busiest class", "[poll][link_load]")
{
    link_load const load{{poll_of(poll_class::fast, 500ms, 600ms), poll_of(poll_class::fast, 4s, 600ms),
                          poll_of(poll_class::counters, 10s, 1s)}};
    auto const o = load.too_much();
    REQUIRE(o);
    CHECK(o->what == poll_class::fast);
    CHECK_FALSE(o->all_classes);
    // 600/P + 600/4000 = 0.9 gives P = 800 ms
    CHECK(o->smallest == 800ms);
    link_load const met{{poll_of(poll_class::fast, o->smallest, 600ms), load.polls[1], load.polls[2]}};
    CHECK_FALSE(met.too_much());
}

TEST_CASE("link_load: when several classes are each too much, all intervals grow", "[poll][link_load]")
{
    link_load const load{{poll_of(poll_class::fast, 1s, 2s), poll_of(poll_class::normal, 1s, 1500ms)}};
    auto const o = load.too_much();
    REQUIRE(o);
    CHECK(o->all_classes);
    CHECK(o->factor == Approx(3.5));
}

TEST_CASE("link_load: a SunSpec device gets assumed models before its discovery", "[poll][link_load]")
{
    drivers::profile p;
    p.id = "sunspec";
    p.sunspec = true;
    drivers::device const inverter{"pv", 1, p};
    std::array const periods{milliseconds{1s}, milliseconds{10s}, milliseconds{60s}, milliseconds{900s}};
    auto const polls = polls_of(inverter, periods, {});
    REQUIRE(polls.size() == 4);
    CHECK(std::all_of(polls.begin(), polls.end(), [](planned_poll const& x) { return x.assumed; }));
    CHECK(polls[0].requests.front().address > 40070);
    CHECK(inverter.needs_discovery());
}
