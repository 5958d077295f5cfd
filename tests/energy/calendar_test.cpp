#include "agent/energy/calendar.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt::energy;
using namespace std::chrono;

namespace {

instant utc(year_month_day d, int h, int min = 0)
{
    return duration_cast<milliseconds>((sys_days{d} + hours{h} + minutes{min}).time_since_epoch()).count();
}

time_span span(instant start, instant end)
{
    return {start, end};
}

/// Berlin around 2026: forward on 29 March, back on 25 October, both at 01:00 UTC.
calendar berlin(instant production_start = 0)
{
    return {{{0, hour}, {utc(2026y / 3 / 29, 1), 2 * hour}, {utc(2026y / 10 / 25, 1), hour}}, production_start};
}

} // namespace

TEST_CASE("calendar: periods of a zone without changes", "[energy][calendar]")
{
    calendar const shanghai{{{0, 8 * hour}}, 8 * hour};
    auto const t = utc(2026y / 2 / 28, 17, 40); // 1 March, 01:40 in the plant
    CHECK(shanghai.window(period::clock_hour, t) == span(utc(2026y / 2 / 28, 17), utc(2026y / 2 / 28, 18)));
    CHECK(shanghai.window(period::day, t) == span(utc(2026y / 2 / 28, 16), utc(2026y / 3 / 1, 16)));
    CHECK(shanghai.window(period::production_day, t) == span(utc(2026y / 2 / 28, 0), utc(2026y / 3 / 1, 0)));
    CHECK(shanghai.window(period::month, t) == span(utc(2026y / 2 / 28, 16), utc(2026y / 3 / 31, 16)));
    CHECK(shanghai.window(period::year, t) == span(utc(2025y / 12 / 31, 16), utc(2026y / 12 / 31, 16)));
}

TEST_CASE("calendar: a half-hour offset shifts the hours", "[energy][calendar]")
{
    calendar const kolkata{{{0, 5 * hour + hour / 2}}, 0};
    CHECK(kolkata.window(period::clock_hour, utc(2026y / 1 / 1, 0, 45)) ==
          span(utc(2026y / 1 / 1, 0, 30), utc(2026y / 1 / 1, 1, 30)));
}

TEST_CASE("calendar: a day on which clocks change has 23 or 25 hours", "[energy][calendar]")
{
    auto const c = berlin(8 * hour);
    CHECK(c.window(period::day, utc(2026y / 3 / 29, 12)).length() == 23 * hour);
    CHECK(c.window(period::day, utc(2026y / 10 / 25, 12)).length() == 25 * hour);
    CHECK(c.window(period::production_day, utc(2026y / 3 / 29, 0)).length() == 23 * hour);
    CHECK(c.window(period::day, utc(2026y / 3 / 30, 12)).length() == 24 * hour);
    CHECK(c.window(period::month, utc(2026y / 10 / 25, 12)).length() == (31 * 24 + 1) * hour);
    CHECK(c.window(period::year, utc(2026y / 10 / 25, 12)).length() == 365 * 24 * hour);
    auto const first = c.window(period::clock_hour, utc(2026y / 10 / 25, 0, 30)); // 02:30 summer time
    auto const again = c.window(period::clock_hour, utc(2026y / 10 / 25, 1, 30)); // 02:30 winter time
    CHECK(first.length() == hour);
    CHECK(again == span(first.end, first.end + hour));
}

TEST_CASE("calendar: clocks that go forward at midnight begin the day at the change", "[energy][calendar]")
{
    auto const change = utc(2026y / 9 / 6, 4); // Santiago: 00:00 becomes 01:00
    calendar const c{{{0, -4 * hour}, {change, -3 * hour}}, 0};
    CHECK(c.window(period::day, change + 5 * minute) == span(change, utc(2026y / 9 / 7, 3)));
    CHECK(c.window(period::day, change - minute).end == change);
}

TEST_CASE("calendar: clocks that go back over midnight belong to one day each", "[energy][calendar]")
{
    auto const change = utc(2026y / 4 / 5, 3); // Santiago: midnight becomes 23:00 of the day before
    calendar const c{{{0, -3 * hour}, {change, -4 * hour}}, 0};
    for (auto t = change - 30 * hour; t < change + 30 * hour; t += quarter) {
        auto const w = c.window(period::day, t);
        CHECK(w.holds(t));
        CHECK(c.window(period::day, w.start) == w);
        CHECK(c.window(period::day, w.end).start == w.end);
    }
}

TEST_CASE("calendar: the periods of a year follow each other without a gap, in any zone", "[energy][calendar]")
{
    for (auto const& c :
         {berlin(), berlin(8 * hour), calendar{{{0, -4 * hour}, {utc(2026y / 9 / 6, 4), -3 * hour}}, 0}})
        for (auto const p : {period::clock_hour, period::day, period::production_day, period::month, period::year}) {
            auto w = c.window(p, utc(2026y / 1 / 1, 12));
            while (w.end < utc(2027y / 1 / 10, 0)) {
                auto const next = c.window(p, w.end);
                REQUIRE(next.start == w.end);
                REQUIRE(next.length() > 0);
                REQUIRE(c.window(p, next.end - 1) == next);
                w = next;
            }
        }
}
