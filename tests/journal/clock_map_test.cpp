#include "agent/journal/clock_map.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::journal;
using namespace std::chrono_literals;

namespace {

stamp at(milliseconds mono, milliseconds offset)
{
    return {mono_time{mono}, utc_time{mono + offset}};
}

constexpr milliseconds day_one{1'767'225'600'000};

} // namespace

TEST_CASE("clock_map: a new entry is due at a start and beyond the tolerance only", "[journal][clock_map]")
{
    clock_map map;
    auto const first = map.due(1, 1, at(0ms, day_one));
    REQUIRE(first.has_value());
    CHECK(*first == clock_entry{1, 1, day_one.count(), true});
    map.add(*first);

    CHECK_FALSE(map.due(9, 1, at(60s, day_one + 5ms)).has_value());
    CHECK_FALSE(map.due(9, 1, at(60s, day_one - 5ms)).has_value());
    CHECK(map.due(9, 1, at(60s, day_one + 6ms)) == clock_entry{9, 1, day_one.count() + 6, true});
    CHECK(map.due(9, 2, at(60s, day_one)).has_value());
}

TEST_CASE("clock_map: positions belong to the entry before them", "[journal][clock_map]")
{
    clock_map map;
    map.add({5, 1, 100, true});
    map.add({8, 1, 200, true});
    map.add({8, 2, 300, true}); // the boot before wrote nothing
    CHECK(map.at(4) == clock_entry{});
    CHECK(map.at(5).offset_ms == 100);
    CHECK(map.at(7).offset_ms == 100);
    CHECK(map.at(8).boot == 2);
    CHECK(map.at(1000).offset_ms == 300);
}

TEST_CASE("clock_map: rows of an untrusted clock are mapped once the boot's clock is known", "[journal][clock_map]")
{
    clock_map map;
    map.add(*map.due(1, 1, at(10s, 0ms))); // 1970
    CHECK_FALSE(map.at(3).trusted);
    CHECK(map.at(3).offset_ms == 0);
    map.add(*map.due(50, 1, at(60s, day_one)));
    CHECK(map.at(3) == clock_entry{1, 1, day_one.count(), true});

    SECTION("but not by another boot's clock")
    {
        clock_map other;
        other.add({1, 1, 0, false});
        other.add({50, 2, day_one.count(), true});
        CHECK_FALSE(other.at(3).trusted);
    }
}

TEST_CASE("clock_map: a restart of the agent keeps the time of rows before it, a restart of the machine does not",
          "[journal][clock_map]")
{
    clock_map map;
    map.belongs(1, {"a", 5'000ms});
    map.belongs(2, {"a", 65'000ms});
    map.add(*map.due(1, 1, at(10s, 0ms)));
    map.add(*map.due(50, 2, at(10s, day_one))); // a minute later on the same machine
    CHECK(map.at(3) == clock_entry{1, 1, day_one.count() - 60'000, true});

    clock_map off;
    off.belongs(1, {"a", 5'000ms});
    off.belongs(2, {"b", 65'000ms});
    off.add(*off.due(1, 1, at(10s, 0ms)));
    off.add(*off.due(50, 2, at(10s, day_one)));
    CHECK_FALSE(off.at(3).trusted);
}

TEST_CASE("clock_map: after a step of more than ten minutes the clock is trusted once it ran on for ten minutes",
          "[journal][clock_map]")
{
    clock_map map;
    map.add(*map.due(1, 1, at(10s, day_one)));
    CHECK(map.due(2, 1, at(20s, day_one + 599s))->trusted);
    auto const far = map.due(2, 1, at(20s, day_one + 1h));
    REQUIRE(far.has_value());
    CHECK_FALSE(far->trusted);
    map.add(*far);
    CHECK_FALSE(map.due(3, 1, at(619s, day_one + 1h)).has_value());

    SECTION("with the time that it then has")
    {
        auto const quiet = map.due(3, 1, at(620s, day_one + 1h));
        REQUIRE(quiet.has_value());
        CHECK(quiet->trusted);
        map.add(*quiet);
        CHECK(map.at(2) == clock_entry{2, 1, (day_one + 1h).count(), true});
    }
    SECTION("another step begins it anew")
    {
        auto const back = map.due(3, 1, at(300s, day_one));
        REQUIRE(back.has_value());
        CHECK_FALSE(back->trusted);
        map.add(*back);
        CHECK_FALSE(map.due(4, 1, at(899s, day_one)).has_value());
        map.add(*map.due(4, 1, at(900s, day_one)));
        CHECK(map.at(2).offset_ms == day_one.count());
    }
    SECTION("and so does a restart of the agent, but not of the machine")
    {
        map.belongs(1, {"a", 0ms});
        map.belongs(2, {"a", 100s});
        map.belongs(3, {"b", 100s});
        CHECK_FALSE(map.due(3, 2, at(1s, day_one + 1h + 100s))->trusted);
        CHECK(map.due(3, 3, at(1s, day_one + 1h + 100s))->trusted);
    }
}
