#include "agent/poll/poll_schedule.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iterator>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;

namespace {

stamp at(milliseconds mono, milliseconds utc)
{
    return {mono_time{mono}, utc_time{utc}};
}

} // namespace

TEST_CASE("poll_schedule: the first poll is at once, the others on the wall clock's slots", "[poll][poll_schedule]")
{
    poll_schedule s{{.period = 1s, .phase = 40ms}, at(5s, 1'000'700ms)};
    CHECK(s.due() == mono_time{5s});
    s.started(at(5s, 1'000'700ms));
    CHECK(s.due() == mono_time{5s + 340ms}); // 1'001'040 of wall time
    s.started(at(5s + 341ms, 1'001'041ms));
    CHECK(s.due() == mono_time{6s + 340ms});
    CHECK(s.missed() == 0);
}

TEST_CASE("poll_schedule: a missed slot is skipped and counted, never caught up", "[poll][poll_schedule]")
{
    poll_schedule s{{.period = 1s}, at(0s, 0s)};
    s.started(at(0s, 0s));
    s.started(at(4s + 500ms, 4s + 500ms));
    CHECK(s.missed() == 3);
    CHECK(s.due() == mono_time{5s});
}

TEST_CASE("poll_schedule: a step of the wall clock shifts the grid and makes no burst", "[poll][poll_schedule]")
{
    poll_schedule s{{.period = 10s}, at(100s, 1'000s)};
    s.started(at(100s, 1'000s));
    CHECK(s.due() == mono_time{110s});
    s.started(at(110s, 1'010s + 3600s + 2s)); // an hour and two seconds forward
    CHECK(s.due() == mono_time{118s});
    s.started(at(118s, 7s)); // back to the epoch
    CHECK(s.due() == mono_time{121s});
}

TEST_CASE("poll_schedule: counters are also read within 5 s before a quarter of an hour", "[poll][poll_schedule]")
{
    poll_schedule s{{.period = 60s, .phase = 20s, .before_quarters = true}, at(0s, 0s)};
    std::set<milliseconds> reads;
    for (stamp now = at(0s, 0s); now.mono < mono_time{3600s}; now = at(s.due().time_since_epoch(), s.due().time_since_epoch())) {
        s.started(now);
        reads.insert(s.due().time_since_epoch());
    }
    for (auto edge : {900s, 1800s, 2700s}) {
        auto const before = reads.lower_bound(edge - 5s);
        REQUIRE(before != reads.end());
        CHECK(*before < edge);
    }
    CHECK(std::distance(reads.begin(), reads.lower_bound(3600s)) == 60 + 4);
    CHECK(s.missed() == 0);
}

TEST_CASE("poll_schedule: phases of many schedules fill the slots of a period evenly", "[poll][poll_schedule]")
{
    std::vector<int> load(20);
    for (std::size_t n = 0; n < 1000; ++n) {
        auto const phase = spread_phase(n, 1s);
        REQUIRE(phase >= 0ms);
        REQUIRE(phase < 1s);
        REQUIRE(phase % slot == 0ms);
        ++load[static_cast<std::size_t>(phase / slot)];
    }
    for (auto n : load) {
        CHECK(n >= 48);
        CHECK(n <= 52);
    }
    CHECK(spread_phase(7, tick) == 0ms);
}

TEST_CASE("poll_schedule: a start that wakes a millisecond before its slot takes the place of the slot",
          "[poll][poll_schedule]")
{
    // The two clocks are cut to milliseconds apart from each other: when the monotonic one says due, the wall clock can
    // stand one before the slot.
    stamp const start{mono_time{5000ms}, utc_time{100'000ms}};
    poll_schedule s{{.period = 1s}, start};
    s.started(start);
    REQUIRE(s.due() == mono_time{6000ms});
    s.started({mono_time{6000ms}, utc_time{100'999ms}});
    CHECK(s.due() == mono_time{7001ms});
    s.started({mono_time{7001ms}, utc_time{102'000ms}});
    CHECK(s.due() == mono_time{8001ms});
}
