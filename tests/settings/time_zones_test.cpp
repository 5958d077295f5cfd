#include "agent/settings/time_zones.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;

TEST_CASE("time_zones: the offsets of a zone come from the system's database", "[settings][time_zones]")
{
    auto const shanghai = settings::zone_offsets("Asia/Shanghai");
    REQUIRE_FALSE(shanghai.empty());
    CHECK(shanghai.back().offset == 8 * 3'600'000);
    auto const berlin = settings::zone_offsets("Europe/Berlin");
    std::int64_t const forward = 1'774'746'000'000; // 2026-03-29 01:00 UTC
    auto const change = std::find_if(berlin.begin(), berlin.end(), [&](auto const& o) { return o.from == forward; });
    REQUIRE(change != berlin.end());
    CHECK(change->offset == 2 * 3'600'000);
    CHECK((change - 1)->offset == 3'600'000);
    CHECK(settings::zone_offsets("Mars/Olympus").size() == 1);
}
