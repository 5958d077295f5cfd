#include "agent/energy/alarm_board.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <limits>
#include <random>
#include <regex>

using namespace kilnwatt;
using namespace kilnwatt::energy;

namespace {

using change = threshold_alarm::change;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct step {
    instant at;
    double v;
    change expected;
};

void play(threshold const& t, std::vector<step> const& steps)
{
    threshold_alarm a;
    for (auto const& s : steps) {
        INFO("at " << s.at << " ms: " << s.v);
        CHECK(a.on_value(t, s.v, s.at) == s.expected);
    }
}

layout_ptr layout_of(std::string device, std::string point, stream kind = stream::readings)
{
    layout l{std::move(device), kind, "test", {}};
    l.columns.push_back({.name = "other"});
    l.columns.push_back({.name = std::move(point), .unit = "W", .kind = value_kind::f64});
    return std::make_shared<layout const>(std::move(l));
}

row value_row(layout_ptr const& l, double v, instant at)
{
    return {l, {mono_time{milliseconds{at}}, utc_time{milliseconds{at}}}, {cell_of(std::int64_t{1}), cell_of(v)}, {}};
}

alarm_rule power_rule()
{
    return {.name = "mill-load",
            .device = "mill",
            .column = "active_power",
            .unit = "W",
            .when = {.above = true, .limit = 1'200'000, .hysteresis = 50'000, .delay = 2'000},
            .severity = event_severity::warning};
}

std::vector<event> fold(alarm_board& board, row const& r)
{
    std::vector<row> rows;
    board.fold(r, rows);
    std::vector<event> events;
    for (auto const& e : rows)
        events.push_back(event_of(e).value());
    return events;
}

} // namespace

TEST_CASE("threshold_alarm: is raised beyond the limit and cleared behind the hysteresis", "[energy][alarm]")
{
    play({.above = true, .limit = 100, .hysteresis = 5}, {{0, 100, change::none},
                                                          {1, 100.1, change::raised},
                                                          {2, 99, change::none},
                                                          {3, 95.1, change::none},
                                                          {4, 200, change::none},
                                                          {5, 95, change::cleared},
                                                          {6, 99, change::none},
                                                          {7, 101, change::raised}});
    play({.above = false, .limit = 3, .hysteresis = 1},
         {{0, 3, change::none}, {1, 2.9, change::raised}, {2, 3.9, change::none}, {3, 4, change::cleared}});
}

TEST_CASE("threshold_alarm: the delay counts from the first value of an unbroken run", "[energy][alarm]")
{
    play({.above = true, .limit = 10, .delay = 1'000}, {{0, 11, change::none},
                                                        {999, 12, change::none},
                                                        {1'000, 9, change::none}, // broken
                                                        {1'500, 11, change::none},
                                                        {2'499, 11, change::none},
                                                        {2'500, 11, change::raised},
                                                        {2'501, 9, change::cleared}}); // ends without delay
}

TEST_CASE("threshold_alarm: an unknown value neither raises nor clears nor breaks the run", "[energy][alarm]")
{
    play({.above = true, .limit = 10, .delay = 1'000}, {{0, unknown, change::none},
                                                        {0, 11, change::none},
                                                        {900, unknown, change::none},
                                                        {1'100, unknown, change::none},
                                                        {1'200, 11, change::raised},
                                                        {9'000, unknown, change::none},
                                                        {9'001, 5, change::cleared}});
}

TEST_CASE("threshold_alarm: when the clock goes back the run begins again", "[energy][alarm]")
{
    play({.above = true, .limit = 10, .delay = 1'000},
         {{50'000, 11, change::none}, {100, 11, change::none}, {1'099, 11, change::none}, {1'100, 11, change::raised}});
}

TEST_CASE("threshold_alarm: raised and cleared take turns, and a restart at any moment changes nothing",
          "[energy][alarm]")
{
    std::mt19937 dice{5};
    threshold const t{.above = true, .limit = 50, .hysteresis = 10, .delay = 3};
    threshold_alarm straight, restarted;
    auto expected = change::raised;
    for (instant at = 0; at < 20'000; ++at) {
        auto const v = dice() % 10 == 0 ? unknown : static_cast<double>(dice() % 100);
        auto const c = straight.on_value(t, v, at);
        byte_writer w;
        restarted.save(w);
        auto const bytes = w.take();
        byte_reader r{bytes};
        threshold_alarm next;
        next.load(r);
        REQUIRE((r.ok() && r.at_end()));
        restarted = next;
        REQUIRE(restarted.on_value(t, v, at) == c);
        if (c == change::none)
            continue;
        REQUIRE(c == expected);
        expected = c == change::raised ? change::cleared : change::raised;
    }
}

TEST_CASE("alarm_board: says which value, which limit and how long", "[energy][alarm]")
{
    alarm_board board{{power_rule()}};
    auto const l = layout_of("mill", "active_power");
    CHECK(fold(board, value_row(l, 1'250'000.4, 0)).empty());
    auto const raised = fold(board, value_row(l, 1'262'345.6, 2'000));
    REQUIRE(raised.size() == 1);
    CHECK(raised[0].kind == "alarm_raised");
    CHECK(raised[0].subject == "mill-load");
    CHECK(raised[0].severity == event_severity::warning);
    CHECK(raised[0].message == "mill.active_power is 1262350 W, above 1200000 W for 2 s or more");
    auto const cleared = fold(board, value_row(l, 1'149'000, 3'000));
    REQUIRE(cleared.size() == 1);
    CHECK(cleared[0].kind == "alarm_cleared");
    CHECK(cleared[0].severity == event_severity::info);
    CHECK(cleared[0].message == "mill.active_power is 1149000 W, no longer above 1200000 W");
}

TEST_CASE("alarm_board: only rows of the device and the stream count, and bad values are none", "[energy][alarm]")
{
    auto rule = power_rule();
    rule.when.delay = 0;
    alarm_board board{{rule}};
    CHECK(fold(board, value_row(layout_of("press", "active_power"), 2e6, 0)).empty());
    CHECK(fold(board, value_row(layout_of("mill", "voltage_l1"), 2e6, 0)).empty());
    CHECK(fold(board, value_row(layout_of("mill", "active_power", stream::window_1m), 2e6, 0)).empty());
    auto bad = value_row(layout_of("mill", "active_power"), 2e6, 0);
    bad.cells[1].q = quality::out_of_range;
    CHECK(fold(board, bad).empty());
    CHECK(fold(board, value_row(layout_of("mill", "active_power"), 2e6, 0)).size() == 1);
}

TEST_CASE("alarm_board: a restart keeps what is active; what is no rule any more is ended once", "[energy][alarm]")
{
    auto rule = power_rule();
    rule.when.delay = 0;
    auto const l = layout_of("mill", "active_power");
    alarm_board before{{rule}};
    REQUIRE(fold(before, value_row(l, 2e6, 0)).size() == 1);

    alarm_board after{{rule}};
    REQUIRE(after.restore(before.snapshot()));
    CHECK(fold(after, value_row(l, 2e6, 1)).empty()); // was told
    CHECK(fold(after, value_row(l, 0, 2)).size() == 1);

    alarm_board without{{}};
    REQUIRE(without.restore(before.snapshot()));
    alarm_board again{{}}; // killed before the end was written
    REQUIRE(again.restore(without.snapshot()));
    std::vector<row> events;
    again.end_orphans({}, events);
    again.end_orphans({}, events);
    REQUIRE(events.size() == 1);
    CHECK(event_of(events[0])->kind == "alarm_cleared");
    CHECK(event_of(events[0])->subject == "mill-load");
}

TEST_CASE("alarm_board: a snapshot that is cut or wrong is refused, and all alarms begin inactive", "[energy][alarm]")
{
    auto rule = power_rule();
    rule.when.delay = 0;
    auto const l = layout_of("mill", "active_power");
    alarm_board before{{rule}};
    REQUIRE(fold(before, value_row(l, 2e6, 0)).size() == 1);
    auto const whole = before.snapshot();
    for (std::size_t n = 0; n < whole.size(); ++n) {
        alarm_board after{{rule}};
        CHECK_FALSE(after.restore(std::string_view{whole}.substr(0, n)));
        CHECK(fold(after, value_row(l, 2e6, 1)).size() == 1);
    }
    CHECK_FALSE(alarm_board{{rule}}.restore(whole + "x"));
}

TEST_CASE("metric_catalogue: says of each figure what docs/metrics.md says", "[energy][alarm][metrics]")
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/docs/metrics.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    std::map<std::string, stream> const periods{{"1 min", stream::kpi_1m},
                                                {"15 min", stream::kpi_15m},
                                                {"1 h", stream::kpi_1h},
                                                {"day", stream::kpi_day},
                                                {"month", stream::kpi_month}};
    std::regex const line{R"re(\| `([a-z0-9_.]+)` \| ([^|]+) \| [A-Z] \| ([^|]+) \|)re"};
    std::size_t count = 0;
    for (std::sregex_iterator m{text.begin(), text.end(), line}, end; m != end; ++m, ++count) {
        auto const id = (*m)[1].str();
        INFO(id);
        auto const known = metric_meaning_of(id);
        REQUIRE(known);
        CHECK((known->unit.empty() ? "1" : known->unit) == (*m)[2].str());
        CHECK(known->shortest == periods.at((*m)[3].str()));
    }
    CHECK(count == metric_ids().size());
    CHECK(device_metric_meaning_of("sec", "kiln")->unit == "MJ/t");
    CHECK(device_metric_meaning_of("pr", "pv")->shortest == stream::kpi_15m);
    CHECK_FALSE(device_metric_meaning_of("nothing", "pv"));
}
