#include "core/plant_clock.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace std::chrono_literals;

TEST_CASE("plant_clock: two clocks of the same text agree, and run at their rate", "[core][plant_clock]")
{
    auto const a = plant_clock::parse("1782000000000@1763900000000*60");
    auto const b = plant_clock::parse("1782000000000@1763900000000*60");
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    auto const apart = a->now().utc - b->now().utc;
    CHECK(std::chrono::abs(apart) < 60s); // one machine second
    CHECK(a->machine_time(mono_time{60s}) - a->machine_time(mono_time{0s}) == 1s);
}

TEST_CASE("plant_clock: nonsense is refused", "[core][plant_clock]")
{
    for (auto text : {"", "1@2", "1@2*", "1@2*0", "1@2*-1", "1@2*1e9", "1@2*3x", "a@2*3"})
        CHECK(plant_clock::parse(text).has_error());
}
