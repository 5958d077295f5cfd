#include "agent/energy/counter_summary.hpp"
#include "tests/energy/closing_counter.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using kilnwatt::test::base;
using kilnwatt::test::closing_counter;

namespace {

constexpr double two_32 = 4294967296.0;

} // namespace

TEST_CASE("counter_step: a 32-bit counter runs over (G-RST-1)", "[energy][counter_step]")
{
    auto const v = judge(4294967290.0, 15, {two_32, 1e6, 1});
    CHECK(v.step == counter_step::rollover);
    CHECK(v.delta == 21);
    CHECK(judge(4294967290.0, 15, {.modulus = two_32, .resolution = 1}).delta == 21); // no nameplate
}

TEST_CASE("counter_step: a display runs over its digits (G-RST-2)", "[energy][counter_step]")
{
    auto const v = judge(999990.50, 12.25, {1'000'000.0, 500, 0.01});
    CHECK(v.step == counter_step::rollover);
    CHECK(v.delta == Approx(21.75).epsilon(1e-9));
}

TEST_CASE("counter_step: a decrease is jitter, a reset or another meter", "[energy][counter_step]")
{
    CHECK(judge(1000, 997, {0, 50, 1}).step == counter_step::jitter);
    CHECK(judge(1000, 996, {0, 50, 1}).step == counter_step::replaced);
    auto const reset = judge(90'000, 12, {0, 50, 1});
    CHECK(reset.step == counter_step::reset);
    CHECK(reset.delta == 12);
    CHECK(judge(90'000, 5'000, {0, 50, 1}).step == counter_step::replaced);
    CHECK(judge(90'000, 12, {}).step == counter_step::reset); // unrated: below 1 % of what it was
    CHECK(judge(90'000, 5'000, {}).step == counter_step::replaced);
    CHECK(judge(1'000, 3, {.modulus = two_32, .resolution = 0}).step == counter_step::reset);
    CHECK(judge(1'000, 1'060, {0, 50, 1}).step == counter_step::too_far);
    CHECK(judge(1'000, 1'049, {0, 50, 1}).delta == 49);
}

TEST_CASE("counter_track: edges are interpolated between the readings around them (G-CTR-1)", "[energy][counter_track]")
{
    closing_counter c{{}, minute};
    c.read(-20'000, 999.6);
    c.read(10'000, 1000.0);
    c.read(14 * minute + 50'000, 1010.0);
    c.read(15 * minute + 20'000, 1010.4);
    c.close(base + 17 * minute);
    REQUIRE(c.quarters.size() == 2);
    CHECK(c.quarters[1].value == Approx(10.266667).epsilon(1e-7));
    CHECK(c.quarters[1].known);
}

TEST_CASE("counter_track: gains of minutes add up to the gain of their quarter, whatever happens",
          "[energy][counter_track]")
{
    std::mt19937 dice{11};
    std::uniform_int_distribution<instant> spacing{500, 14'000};
    std::uniform_int_distribution<int> event{0, 99};
    std::exponential_distribution<double> rise{0.01};
    for (int round = 0; round < 50; ++round) {
        closing_counter c;
        auto value = 3.2e9;
        auto at = -quarter + 1'000;
        while (at < 2 * hour) {
            c.read(at, value, quality::good, 1);
            auto const what = event(dice);
            at += what == 0 ? 7 * minute : spacing(dice); // now and then an outage
            value = what == 1 ? 5 : value + rise(dice);   // or a reset
        }
        c.close(base + at);
        REQUIRE(c.quarters.size() >= 8);
        for (std::size_t q = 0; q < c.quarters.size(); ++q) {
            auto sum = 0.0;
            auto known = true;
            for (std::size_t m = q * 15; m < q * 15 + 15; ++m) {
                sum += c.minutes[m].value;
                known = known && severity_of(c.minutes[m].q) != severity::bad;
            }
            if (known)
                REQUIRE(c.quarters[q].value == sum); // to the last bit
        }
    }
}

TEST_CASE("counter_track: no energy of a gap is lost", "[energy][counter_track]")
{
    closing_counter c;
    for (instant at = 0; at <= 5 * minute; at += 10'000)
        c.read(at, static_cast<double>(at) / 1000);
    for (auto at = 45 * minute + 25'000; at <= 61 * minute; at += 10'000)
        c.read(at, static_cast<double>(at) / 1000);
    c.close(base + 62 * minute);
    auto const minute_at = [&](instant i) { return c.minutes.at(static_cast<std::size_t>(i + 15)); };
    CHECK(minute_at(4).value == Approx(60));
    CHECK(minute_at(4).q == quality::good);
    CHECK_FALSE(minute_at(5).known);
    CHECK(minute_at(5).q == quality::no_data);
    CHECK_FALSE(minute_at(44).known);
    CHECK(minute_at(45).known); // holds everything since minute 5
    CHECK(minute_at(45).value == Approx(41 * 60));
    CHECK(minute_at(45).q == quality::gap_energy);
    CHECK_FALSE(minute_at(45).whole);
    CHECK(minute_at(46).value == Approx(60));
    CHECK(minute_at(46).whole);
    REQUIRE(c.quarters.size() == 5);
    CHECK(c.quarters[1].value == Approx(300)); // up to the last known edge
    CHECK(c.quarters[1].q == quality::low_coverage);
    CHECK_FALSE(c.quarters[2].known);
    CHECK_FALSE(c.quarters[3].known);
    CHECK(c.quarters[4].value == Approx(55 * 60));
    CHECK(c.quarters[4].q == quality::gap_energy);
}

TEST_CASE("counter_track: windows still open share a short gap by time", "[energy][counter_track]")
{
    closing_counter c;
    for (instant at = 0; at <= 50'000; at += 2'000)
        c.read(at, static_cast<double>(at) / 1000);
    c.read(70'000, 90); // 20 s, longer than three periods; 40 in them
    for (instant at = 72'000; at <= 140'000; at += 2'000)
        c.read(at, 90 + static_cast<double>(at - 70'000) / 1000);
    REQUIRE(c.minutes.size() == 17);
    CHECK(c.minutes[15].value == Approx(70)); // 50 and half of the gap's 40
    CHECK(c.minutes[15].q == quality::interpolated);
    CHECK(c.minutes[16].value == Approx(70));
    CHECK(c.minutes[16].q == quality::interpolated);
}

TEST_CASE("counter_track: a decrease is believed only after it is confirmed", "[energy][counter_track]")
{
    SECTION("a glitch to zero is dropped")
    {
        closing_counter c;
        c.read(0, 1000);
        CHECK_FALSE(c.read(10'000, 0).has_value());
        auto const i = c.read(20'000, 1002);
        REQUIRE(i.has_value());
        CHECK(i->refuted);
        CHECK(i->current == 0);
        c.read(70'000, 1007);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == Approx(6));
        CHECK(severity_of(c.minutes.at(15).q) != severity::bad);
    }
    SECTION("a reset keeps what it has counted since")
    {
        closing_counter c;
        c.read(0, 90'000);
        c.read(10'000, 5);
        auto const i = c.read(20'000, 6);
        REQUIRE(i.has_value());
        CHECK(i->step == counter_step::reset);
        CHECK_FALSE(i->refuted);
        CHECK(i->delta == 5);
        c.read(60'000, 10);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == Approx(10));
        CHECK(c.minutes.at(15).q == quality::counter_reset);
    }
    SECTION("a rollover is good")
    {
        closing_counter c{{.modulus = two_32}};
        c.read(0, 4294967290.0);
        c.read(10'000, 15);
        auto const i = c.read(20'000, 20);
        REQUIRE(i.has_value());
        CHECK(i->step == counter_step::rollover);
        CHECK(i->delta == 21);
        c.read(60'000, 40);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == 46);
        CHECK(c.minutes.at(15).q == quality::good);
    }
    SECTION("another meter makes its window unknown, the next one is whole again")
    {
        closing_counter c;
        c.read(0, 90'000);
        c.read(10'000, 50'000);
        auto const i = c.read(20'000, 50'001);
        REQUIRE(i.has_value());
        CHECK(i->step == counter_step::replaced);
        c.read(60'000, 50'004);
        for (instant at = 70'000; at <= 120'000; at += 10'000)
            c.read(at, 50'004 + static_cast<double>(at - 60'000) / 1000);
        c.close(base + 3 * minute);
        CHECK_FALSE(c.minutes.at(15).known);
        CHECK(c.minutes.at(15).q == quality::meter_replaced);
        CHECK(c.minutes.at(16).value == Approx(60));
        CHECK(c.minutes.at(16).whole);
    }
    SECTION("jitter keeps the higher reading")
    {
        closing_counter c;
        c.read(0, 1000, quality::good, 1);
        c.read(10'000, 998, quality::good, 1);
        c.read(60'000, 1000, quality::good, 1);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == 0);
    }
}

TEST_CASE("counter_track: a rise beyond the rated power is held back", "[energy][counter_track]")
{
    counter_rules const rules{0, 0.01}; // 0.6 a minute
    SECTION("and dropped when the next reading denies it")
    {
        closing_counter c{rules};
        c.read(0, 1000);
        CHECK_FALSE(c.read(10'000, 50'000'000).has_value());
        auto const i = c.read(20'000, 1000.2);
        REQUIRE(i.has_value());
        CHECK(i->refuted);
        c.read(60'000, 1000.6);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == Approx(0.6));
    }
    SECTION("and is another meter when the next reading confirms it")
    {
        closing_counter c{rules};
        c.read(0, 1000);
        c.read(10'000, 50'000);
        auto const i = c.read(20'000, 50'000.1);
        REQUIRE(i.has_value());
        CHECK(i->step == counter_step::replaced);
        CHECK_FALSE(i->refuted);
    }
    SECTION("but without a nameplate it is accepted")
    {
        closing_counter c;
        c.read(0, 1000);
        c.read(60'000, 50'000'000);
        c.close(base + 2 * minute);
        CHECK(c.minutes.at(15).value == 50'000'000 - 1000);
    }
    SECTION("a counter that refreshes slowly is no spike")
    {
        closing_counter c{rules};
        for (instant at = 0; at < 4 * minute; at += 10'000)
            c.read(at, 1000);
        CHECK_FALSE(c.read(4 * minute, 1000 + 0.01 * 4 * minute).has_value());
        c.read(4 * minute + 10'000, 1000 + 0.01 * 4 * minute);
        c.close(base + 5 * minute);
        CHECK(c.minutes.at(18).value == Approx(2400));
    }
}

TEST_CASE("counter_track: a zero that only means no data is no reading", "[energy][counter_track]")
{
    closing_counter c;
    c.read(0, 1000);
    c.read(10'000, 0, quality::initial);
    c.read(20'000, 0, quality::initial);
    c.read(60'000, 1006);
    c.close(base + 2 * minute);
    CHECK(c.minutes.at(15).value == 6);
}

TEST_CASE("counter_track: a clock that goes back loses no energy", "[energy][counter_track]")
{
    closing_counter c{{0, 0.001}}; // rated at 0.06 a minute
    c.read(0, 1000);
    c.read(10'000, 1000.01);
    for (instant at = -40 * minute; at <= 10'000; at += minute) // 40 min again
        CHECK_FALSE(c.read(at, 1000.02 + static_cast<double>(at + 40 * minute) * 0.00001).has_value());
    CHECK_FALSE(c.read(20'000, 1240).has_value());
    c.read(60'000, 1240.04);
    c.close(base + 2 * minute);
    CHECK(c.minutes.at(15).value == Approx(240.04));
}

TEST_CASE("counter_track: a sleeping inverter's counter stands still", "[energy][counter_track]")
{
    closing_counter c{{0, 0.001}};
    c.read(0, 1000);
    for (instant at = 10'000; at <= 5 * minute; at += 10'000) {
        c.close(base + at);
        c.track.on_sleep(base + at, c.closed);
    }
    CHECK(c.minutes.at(17).known);
    CHECK(c.minutes.at(17).value == 0);
    CHECK(c.minutes.at(17).q == quality::good);
    CHECK_FALSE(c.read(5 * minute + 10'000, 1006).has_value()); // it had not slept: kept, and said so
    c.read(6 * minute, 1006);
    c.close(base + 7 * minute);
    CHECK(c.minutes.at(20).value == Approx(6));
    CHECK(c.minutes.at(20).q == quality::gap_energy);
}

TEST_CASE("counter_track: a step that is coarse for the window is uncertain", "[energy][counter_track]")
{
    closing_counter c;
    for (instant at = 0; at <= 15 * minute; at += 10'000)
        c.read(at, 1000.0 + static_cast<double>(at / 30'000), quality::good, 1); // 2 a minute in steps of 1
    c.close(base + 16 * minute);
    CHECK(c.minutes.at(16).q == quality::low_resolution);
    CHECK(c.quarters.at(1).q == quality::low_resolution); // 30 in steps of 1: 3 %
}

TEST_CASE("counter_track: a counter that is read less often than a window waits loses no energy", "[energy][counter]")
{
    constexpr instant delay = 15'000;
    counter_track track{{0, 0, delay}, open_windows(delay)};
    double sum = 0;
    instant covered = 0;
    auto end = minute;
    for (instant t = 17'000; t < 4 * hour; t += 20'000) { // :17, :37, :57: never within 15 s after a full minute
        for (; end + delay <= t; end += minute) {
            track.close_minute(end);
            if (end % quarter != 0)
                continue;
            auto const q = track.close_quarter(end);
            if (!q.known)
                continue;
            sum += q.value;
            covered += summary_of(q, {end - quarter, end}, 0, true).covered;
        }
        track.on_reading({t, static_cast<double>(t) * 0.01}, end - minute);
    }
    CHECK(sum == Approx((static_cast<double>(4 * hour - quarter) - 3'000 - 17'000) * 0.01));
    CHECK(covered == 4 * hour - quarter - 3'000 - 17'000);
}
