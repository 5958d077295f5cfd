#include "agent/publish/backoff.hpp"
#include "agent/publish/complaint_log.hpp"
#include "agent/publish/rate_limit.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kilnwatt::publish;
using namespace std::chrono_literals;

TEST_CASE("backoff: failures double the wait from 0.5 s to 3 s", "[publish][backoff]")
{
    backoff b{{}};
    for (auto expected : {500ms, 1000ms, 2000ms, 3000ms, 3000ms, 3000ms})
        CHECK(b.after_failure(1.0) == expected);

    SECTION("jitter takes away at most half")
    {
        CHECK(b.after_failure(0.0) == 1500ms);
        CHECK(b.after_failure(0.5) == 2250ms);
    }
    SECTION("a short connection does not end it")
    {
        b.connected_for(9'999ms);
        CHECK(b.after_failure(1.0) == 3000ms);
    }
    SECTION("ten seconds of connection do")
    {
        b.connected_for(10s);
        CHECK(b.after_failure(1.0) == 500ms);
    }
    SECTION("a refusal waits a minute and changes nothing")
    {
        CHECK(b.after_refusal() == 60s);
        CHECK(b.after_failure(1.0) == 3000ms);
    }
    SECTION("many failures stay at the most")
    {
        for (int i = 0; i < 1000; ++i)
            REQUIRE(b.after_failure(1.0) == 3000ms);
    }
}

TEST_CASE("backoff: whenever the broker comes back, the next attempt is at most 3 s away", "[publish][backoff]")
{
    // A refused attempt takes no time; one into a dead network hangs until the timeout, and its SYNs go out after
    // 0, 1 and 3 s. The broker comes back at each 10 ms of a long outage.
    for (auto const hang : {0ms, 200ms, 2000ms, 4000ms}) {
        for (auto const random : {0.0, 0.5, 1.0}) {
            backoff b{{}};
            std::vector<std::chrono::milliseconds> chances; // moments at which a living broker would be found
            int attempts = 0;
            for (auto now = 0ms; now < 120s; ++attempts) {
                for (auto const syn : {0ms, 1000ms, 3000ms})
                    if (syn == 0ms || syn < hang)
                        chances.push_back(now + syn);
                now += hang + b.left(b.after_failure(random), hang);
            }
            for (std::size_t i = 1; i < chances.size(); ++i)
                REQUIRE(chances[i] - chances[i - 1] <= 3000ms);
            CHECK(attempts <= 120s / 1500ms + 4);
        }
    }
}

TEST_CASE("backoff: a pause is counted from the start of the attempt, but never quite left out", "[publish][backoff]")
{
    backoff const b{{}};
    CHECK(b.left(3s, 0ms) == 3s);
    CHECK(b.left(3s, 1s) == 2s);
    CHECK(b.left(3s, 4s) == 250ms);
    CHECK(b.left(100ms, 4s) == 100ms);
    CHECK(b.left(60s, 100ms) == 59'900ms);
}

TEST_CASE("rate_limit: lets the rate pass and a tenth of a second at once", "[publish][rate_limit]")
{
    rate_limit limit{100};
    rate_limit::time_point now{1h};
    int passed = 0;
    for (int ms = 0; ms < 10'000; ++ms, now += 1ms)
        while (limit.take(now))
            ++passed;
    CHECK(passed >= 1000);
    CHECK(passed <= 1011);

    SECTION("wait says when the next one may go")
    {
        while (limit.take(now)) {
        }
        auto const wait = limit.wait(now);
        CHECK(wait > 0ms);
        CHECK(wait <= 10ms);
        CHECK_FALSE(limit.take(now));
        CHECK(limit.take(now + wait));
    }
    SECTION("a long pause saves up no more than the burst")
    {
        now += 1h;
        int burst = 0;
        while (limit.take(now))
            ++burst;
        CHECK(burst == 10);
    }
}

TEST_CASE("rate_limit: a rate below ten a second still lets one pass", "[publish][rate_limit]")
{
    rate_limit limit{0.5};
    rate_limit::time_point const now{1h};
    CHECK(limit.take(now));
    CHECK_FALSE(limit.take(now));
    CHECK(limit.wait(now) == 2s);
    CHECK(limit.take(now + 2s));
}

TEST_CASE("rate_limit: 0 is no limit", "[publish][rate_limit]")
{
    rate_limit limit{0};
    for (int i = 0; i < 1000; ++i)
        REQUIRE(limit.take({}));
    CHECK(limit.wait({}) == 0ms);
}

TEST_CASE("complaint_log: tells a change at once and what lasts once an hour", "[publish][complaint_log]")
{
    complaint_log log;
    complaint_log::time_point const start{};
    CHECK(log.due("no route", start));
    CHECK_FALSE(log.due("no route", start + 59min));
    CHECK(log.due("refused", start + 59min));
    CHECK(log.due("no route", start + 60min));
    CHECK(log.due("no route", start + 121min));
    log.clear();
    CHECK(log.due("no route", start + 121min));
}

TEST_CASE("burst_log: tells the first at once, then one a minute and how many there were", "[publish][complaint_log]")
{
    burst_log log;
    burst_log::time_point const start{};
    CHECK(log.tell("a", start) == "a");
    for (int i = 0; i < 500; ++i)
        CHECK_FALSE(log.tell("b" + std::to_string(i), start + i * 119ms).has_value());
    CHECK(log.tell("c", start + 60s) == "c (500 more since the last such line)");
    CHECK(log.tell("d", start + 120s) == "d");
}
