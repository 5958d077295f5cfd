#include "agent/poll/device_health.hpp"
#include "agent/poll/failure_budget.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;

TEST_CASE("device_health: one failure is suspect, the second is offline, one answer is online", "[poll][device_health]")
{
    device_health h{{.period = 1s}};
    CHECK(h.on_answer());
    CHECK(h.state() == health::online);
    CHECK(h.on_silence(mono_time{1s}, 0ms, 0));
    CHECK(h.state() == health::suspect);
    CHECK(h.on_silence(mono_time{2s}, 0ms, 0));
    CHECK(h.state() == health::offline);
    CHECK_FALSE(h.on_silence(mono_time{3s}, 0ms, 0));
    CHECK(h.on_answer());
    CHECK(h.state() == health::online);
    CHECK_FALSE(h.on_answer());
}

TEST_CASE("device_health: a kind that may sleep falls asleep", "[poll][device_health]")
{
    device_health h{{.may_sleep = true}};
    h.on_silence(mono_time{1s}, 0ms, 0);
    CHECK(h.state() == health::unknown);
    h.on_silence(mono_time{2s}, 0ms, 0);
    CHECK(h.state() == health::asleep);
}

TEST_CASE("device_health: probes stay within 2 s for a minute, then double to 30 s", "[poll][device_health]")
{
    auto const period = GENERATE(milliseconds{10}, milliseconds{1000}, milliseconds{30'000});
    auto const chance = GENERATE(0.0, 0.5, 0.999);
    device_health h{{.period = period}};
    auto now = mono_time{0s};
    h.on_silence(now, 0ms, chance);
    h.on_silence(now, 0ms, chance);
    REQUIRE(h.is_down());
    auto longest_early = 0ms;
    auto longest = 0ms;
    auto shortest_late = 1h + 0ms;
    for (int i = 0; i < 200; ++i) {
        auto const wait = h.probe_due() - now;
        longest = std::max(longest, wait);
        if (now < mono_time{60s})
            longest_early = std::max(longest_early, wait);
        else if (now > mono_time{200s})
            shortest_late = std::min(shortest_late, wait);
        now = h.probe_due();
        h.on_silence(now, 0ms, chance);
    }
    CHECK(longest_early <= 2s);
    CHECK(longest <= 30s);
    CHECK(shortest_late >= 24s);
}

TEST_CASE("failure_budget: failing exchanges take a tenth of the time in the long run", "[poll][failure_budget]")
{
    failure_budget b{0.1, 2s};
    auto now = mono_time{0s};
    auto spent = 0ms;
    while (now < mono_time{1h}) {
        now = b.allowed_at(now);
        now += 1s; // a response timeout
        spent += 1s;
        b.spent(now, 1s);
    }
    CHECK(spent <= 3600s / 10 + 4s);
    CHECK(spent >= 3600s / 10 - 40s);
}

TEST_CASE("failure_budget: after a quiet time the reserve allows two probes at once", "[poll][failure_budget]")
{
    failure_budget b{0.1, 2s};
    auto const now = mono_time{100s};
    CHECK(b.allowed_at(now) == now);
    b.spent(now, 1s);
    CHECK(b.allowed_at(now) == now);
    b.spent(now, 1500ms);
    CHECK(b.allowed_at(now) > now + 4s);
}
