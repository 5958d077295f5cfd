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
