#include "tests/energy/closing_counter.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using kilnwatt::test::base;
using kilnwatt::test::closing_counter;

TEST_CASE("counter_track: an exchange that was told of is stitched from both readings", "[energy][counter_track]")
{
    auto const exchange = [](bool told_before) {
        closing_counter c;
        for (instant at = 0; at < 5 * minute; at += 10'000)
            c.read(at, 48'000 + static_cast<double>(at) / 1000);
        exchange_readings const seen{base + 6 * minute, 48'311.5, 0.5};
        if (told_before)
            CHECK_FALSE(c.track.on_exchange(seen, c.closed));
        std::vector<counter_incident> told;
        for (instant at = 7 * minute; at < 20 * minute; at += 10'000) {
            if (auto const i = c.read(at, 60 + static_cast<double>(at - 7 * minute) / 1000))
                told.push_back(*i);
            if (!told_before && at == 12 * minute)
                if (auto const i = c.track.on_exchange(seen, c.closed))
                    told.push_back(*i);
        }
        auto sum = 0.0;
        for (auto const& q : c.quarters)
            sum += q.value;
        CHECK(sum == Approx(48'311.5 - 48'000 + 60 - 0.5 + 8 * 60)); // to the edge of the quarter, 15 min
        return told;
    };
    auto const before = exchange(true);
    REQUIRE(before.size() == 1);
    CHECK(before[0].step == counter_step::exchanged);
    CHECK(before[0].delta == Approx(48'311.5 - 48'290 + 60 - 0.5));
    auto const after = exchange(false);
    REQUIRE(after.size() == 2);
    CHECK(after[1].step == counter_step::exchanged);
    CHECK(after[1].delta == Approx(before[0].delta));
}

TEST_CASE("counter_track: an exchange that is told in the quarter in which it was noticed loses none of its energy",
          "[energy][counter_track]")
{
    for (auto const told_at : {8 * minute + 20'000, 8 * minute + 50'000, 13 * minute}) {
        closing_counter c{{0, 0.002}};
        for (instant at = 0; at <= 8 * minute; at += 10'000)
            c.read(at, 48'000 + static_cast<double>(at) / 1000);
        auto replaced = false;
        for (instant at = 8 * minute + 10'000; at < 20 * minute; at += 10'000) {
            auto const i = c.read(at, 70'000 + static_cast<double>(at - 8 * minute) / 1000);
            replaced = replaced || (i && i->step == counter_step::replaced);
            if (at != told_at)
                continue;
            REQUIRE(replaced);
            auto const x = c.track.on_exchange({base + 8 * minute, 48'500, 69'990}, c.closed);
            REQUIRE(x.has_value());
            CHECK(x->step == counter_step::exchanged);
        }
        REQUIRE(c.quarters.size() >= 2);
        CHECK(c.quarters.back().known);
        CHECK(c.quarters.back().value == Approx(48'500 - 48'000 + 10 - 69'990 + 70'000 + 410));
    }
}

TEST_CASE("counter_track: an exchange that does not fit what was read changes nothing", "[energy][counter_track]")
{
    for (auto const& wrong : {exchange_readings{base + 9 * hour, 1'100, 0}, exchange_readings{base + 10'000, 900, 0},
                              exchange_readings{base + 10'000, 1'100, 500}}) {
        closing_counter c;
        c.read(0, 1'000);
        CHECK_FALSE(c.track.on_exchange(wrong, c.closed));
        c.read(20'000, 300);
        auto const i = c.read(30'000, 301);
        REQUIRE(i.has_value());
        CHECK(i->step == counter_step::replaced);
    }
}

namespace {

/// A 100 kW meter at half its load that is exchanged between minute 5 and 7.
closing_counter exchanged_meter(std::vector<counter_incident>& told)
{
    counter_rules rules;
    rules.power_max = 100.0 / static_cast<double>(hour);
    closing_counter c{rules};
    auto const kwh = [](instant ms) { return 50.0 * static_cast<double>(ms) / static_cast<double>(hour); };
    for (instant at = 0; at < 5 * minute; at += 10'000)
        c.read(at, 48'207 + kwh(at));
    for (instant at = 7 * minute; at < 9 * minute; at += 10'000)
        if (auto const i = c.read(at, 1 + kwh(at - 7 * minute)))
            told.push_back(*i);
    return c;
}

} // namespace

TEST_CASE("counter_track: an exchange with a digit too many is refused where the meter's power is known",
          "[energy][counter_track]")
{
    std::vector<counter_incident> told;
    auto c = exchanged_meter(told);
    REQUIRE(told.size() == 1);
    CHECK(told[0].step == counter_step::reset);
    CHECK_FALSE(c.track.on_exchange({base + 6 * minute, 482'117, 0.5}, c.closed));
    auto const right = c.track.on_exchange({base + 6 * minute, 48'211.7, 0.5}, c.closed);
    REQUIRE(right.has_value());
    CHECK(right->delta == Approx(48'211.7 - (48'207 + 50.0 * 290 / 3600) + 0.5));
}

TEST_CASE("counter_track: a corrected exchange replaces the first, and the same one again changes nothing",
          "[energy][counter_track]")
{
    std::vector<counter_incident> told;
    auto c = exchanged_meter(told);
    auto const total = [&](exchange_readings const& x) {
        auto const i = c.track.on_exchange(x, c.closed);
        return i ? i->delta : -1;
    };
    CHECK(total({base + 6 * minute, 48'211.2, 0.5}) == Approx(48'211.2 - 48'211.0278 + 0.5).margin(0.001));
    CHECK(total({base + 6 * minute, 48'211.2, 0.5}) == -1);
    CHECK(total({base + 6 * minute, 48'212.2, 0.5}) == Approx(48'212.2 - 48'211.0278 + 0.5).margin(0.001));
    for (instant at = 9 * minute; at < 20 * minute; at += 10'000)
        c.read(at, 1 + 50.0 * static_cast<double>(at - 7 * minute) / static_cast<double>(hour));
    auto sum = 0.0;
    for (auto const& q : c.quarters)
        sum += q.value;
    CHECK(sum == Approx(48'212.2 - 48'207 + 1 - 0.5 + 50.0 * 8 / 60).margin(0.001));
}
