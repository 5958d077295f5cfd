#include "agent/control/production_track.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;

namespace {

settings::production_settings line(bool increments, milliseconds stale_after = 1h)
{
    return {.name = "line-1",
            .topic = "mes/line-1",
            .factor = 1e-3,
            .increments = increments,
            .stale_after = stale_after};
}

constexpr mono_time begin{};

} // namespace

TEST_CASE("production_track: a total is stored as it is, increments are added up", "[control][production]")
{
    production_track total{line(false), ""};
    total.connected(begin);
    CHECK(total.received("500", true, begin).total == 0.5);
    CHECK(*total.received("700", false, begin + 5s).total == Approx(0.7));
    CHECK(total.memory().empty());

    production_track batches{line(true), ""};
    batches.connected(begin);
    CHECK(batches.received("500", false, begin).total == 0.5);
    CHECK(*batches.received("700", false, begin + 5s).total == Approx(1.2));
    CHECK(batches.memory() == "1200");
}

TEST_CASE("production_track: a retained increment was counted when it came", "[control][production]")
{
    production_track t{line(true), ""};
    t.connected(begin);
    CHECK_FALSE(t.received("500", true, begin).total);
    CHECK(t.received("500", false, begin + 1s).total == 0.5);
}

TEST_CASE("production_track: the sum of increments goes on after a restart", "[control][production]")
{
    production_track first{line(true), ""};
    first.connected(begin);
    (void)first.received("0.25", false, begin);
    production_track second{line(true), first.memory()};
    CHECK(*second.received("0.5", false, begin).total == Approx(0.75e-3));
    CHECK(production_track{line(true), "no number"}.received("1", false, begin).total == 1e-3);
}

TEST_CASE("production_track: of a burst of increments none is lost", "[control][production]")
{
    production_track t{line(true), ""};
    t.connected(begin);
    CHECK(t.received("1000", false, begin).total == 1);
    CHECK_FALSE(t.received("1000", false, begin + 100ms).total);
    CHECK_FALSE(t.received("1000", false, begin + 200ms).total);
    CHECK(t.due() == begin + 1s);
    CHECK_FALSE(t.at(begin + 999ms).total);
    CHECK(t.at(begin + 1s).total == 3);
}

TEST_CASE("production_track: while nothing is made the sum of increments is repeated, a total is not",
          "[control][production]")
{
    production_track batches{line(true), "2000"};
    CHECK_FALSE(batches.at(begin).total);
    batches.connected(begin);
    CHECK(batches.at(begin).total == 2);
    CHECK_FALSE(batches.at(begin + 59s).total);
    CHECK(batches.at(begin + 60s).total == 2);
    batches.lost();
    CHECK_FALSE(batches.at(begin + 200s).total);
    CHECK_FALSE(batches.due());

    production_track total{line(false), ""};
    total.connected(begin);
    (void)total.received("500", false, begin);
    CHECK_FALSE(total.at(begin + 60s).total);
}

TEST_CASE("production_track: it is silent after stale_after, once, and heard again with the next message",
          "[control][production]")
{
    auto const increments = GENERATE(false, true);
    production_track t{line(increments, 10min), ""};
    t.connected(begin);
    (void)t.received("500", false, begin + 1min);
    CHECK_FALSE(t.at(begin + 11min - 1ms).silent);
    CHECK(t.at(begin + 11min).silent == true);
    auto const later = t.at(begin + 13min);
    CHECK_FALSE(later.silent);
    CHECK_FALSE(later.total);
    CHECK_FALSE(t.due());
    auto const again = t.received("600", false, begin + 20min);
    CHECK(again.total);
    CHECK(again.silent == false);
    CHECK(t.due() <= begin + 30min);
}

TEST_CASE("production_track: what is no number is told once and is no sign of life", "[control][production]")
{
    production_track t{line(true, 10min), ""};
    t.connected(begin);
    CHECK(t.received("-5", false, begin + 9min).refused.find("outside 0") != std::string::npos);
    CHECK(t.received("x", false, begin + 9min).refused.empty());
    CHECK(t.at(begin + 10min).silent == true);
}

TEST_CASE("production_track: an increment that takes the sum above the most is refused once, and the sum stays",
          "[control][production]")
{
    production_track t{line(true), "999999999990"};
    t.connected(begin);
    CHECK(t.received("20", false, begin).refused ==
          "an increment of 20, which takes the sum above 1e+12 (a device of another name begins at 0)");
    CHECK(t.received("20", false, begin + 1s).refused.empty());
    CHECK(t.memory() == "999999999990");
    CHECK(*t.received("10", false, begin + 2s).total == Approx(1e9));
    CHECK(t.memory() == "1000000000000");
    CHECK(*production_track{line(true), t.memory()}.received("0", false, begin).total == Approx(1e9));
}

TEST_CASE("production_track: an increment whose reading waits is in what is kept", "[control][production]")
{
    production_track t{line(true), ""};
    t.connected(begin);
    (void)t.received("500", false, begin);
    CHECK_FALSE(t.received("250", false, begin + 100ms).total);
    CHECK(t.memory() == "750");
}
