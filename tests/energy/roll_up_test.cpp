#include "agent/energy/roll_up.hpp"

#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

constexpr std::int64_t hour_ms = 4 * quarter_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

plant_model plant_in(instant offset, instant production_start = 0)
{
    auto m = small_plant();
    m.local_time = calendar{{{0, offset}}, production_start};
    return m;
}

std::vector<row> of_stream(std::vector<row> const& rows, std::string_view device, stream s)
{
    std::vector<row> found;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(found),
                 [&](row const& r) { return r.layout->device == device && r.layout->kind == s; });
    return found;
}

double number_in(row const& r, std::string_view column)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == column)
            return scaled_number(r, i);
    return no_number;
}

quality cause_of(row const& r, std::string_view column)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == column)
            return r.cells[i].q;
    return quality::not_configured;
}

counter_delta gain(double value, instant from, instant covered, quality q = quality::good)
{
    counter_delta d;
    d.known = severity_of(q) != severity::bad;
    d.value = d.known ? value : 0;
    d.from = from;
    d.covered = covered;
    d.q = q;
    return d;
}

} // namespace

TEST_CASE("counter_summary: any split merged in any order is the same summary", "[energy][counter_summary]")
{
    std::mt19937 dice{7};
    quality const causes[]{quality::good,         quality::good,       quality::counter_reset, quality::no_data,
                           quality::low_coverage, quality::gap_energy, quality::interpolated};
    for (int round = 0; round < 200; ++round) {
        std::vector<counter_summary> parts;
        counter_summary whole;
        for (instant i = 0; i < 96; ++i) {
            auto const q = causes[dice() % 7];
            auto const value = static_cast<double>(dice() % 1'000'000'000) / 1024.0; // on the grid of edges
            auto const from = q == quality::gap_energy ? (i - 2) * quarter : i * quarter;
            parts.push_back(summary_of(gain(value, from, quarter, q), {i * quarter, (i + 1) * quarter}, 0, true));
            whole = merge(whole, parts.back());
        }
        std::shuffle(parts.begin(), parts.end(), dice);
        while (parts.size() > 1) { // pairs anywhere, in any order
            auto const at = dice() % (parts.size() - 1);
            parts[at] = merge(parts[at + 1], parts[at]);
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        }
        REQUIRE(parts.front() == whole); // exactly: the sums too
        REQUIRE(merge(counter_summary{}, whole) == whole);
    }
}

TEST_CASE("counter_summary: energy of a gap inside the period is certain, from before it is not",
          "[energy][counter_summary]")
{
    auto const inside = merge(summary_of(gain(0, 0, 0, quality::no_data), {0, quarter}, 0, true),
                              summary_of(gain(8, 0, quarter, quality::gap_energy), {quarter, 2 * quarter}, 0, true));
    auto const g = finish(inside, 2 * quarter);
    CHECK(g.delta.value == 8);
    CHECK(g.delta.covered == 2 * quarter);
    CHECK(g.delta.q == quality::good);
    auto const before = summary_of(gain(8, -quarter, quarter, quality::gap_energy), {0, quarter}, 0, true);
    CHECK(finish(before, quarter).delta.q == quality::gap_energy);
    CHECK(finish(before, quarter).delta.covered == quarter);
}

TEST_CASE("counter_summary: one quarter of a replaced meter puts its whole month in doubt, and is named whatever else "
          "happened",
          "[energy][counter_summary]")
{
    instant const month = 30 * 24 * hour;
    counter_summary s;
    for (instant i = 0; i < month / quarter; ++i) {
        auto const q = i == 7 ? quality::meter_replaced : i == 9 ? quality::interpolated : quality::good;
        auto const d = i == 7 ? gain(0, 0, 0, q) : gain(5, i * quarter, quarter, q);
        s = merge(s, summary_of(d, {i * quarter, (i + 1) * quarter}, 0, true));
    }
    auto const g = finish(s, month);
    CHECK(g.delta.known);
    CHECK(g.delta.value == 5 * (30 * 96 - 1));
    CHECK(g.delta.q == quality::inputs_missing);
    auto const only = summary_of(gain(0, 0, 0, quality::meter_replaced), {0, quarter}, 0, true);
    CHECK(finish(only, quarter).delta.q == quality::meter_replaced);
}

TEST_CASE("counter_summary: what is covered too little has no value, but a partial sum", "[energy][counter_summary]")
{
    auto const s = summary_of(gain(5, 0, quarter), {0, quarter}, 0, true);
    auto const g = finish(s, hour);
    CHECK_FALSE(g.delta.known);
    CHECK(g.delta.q == quality::coverage_too_low);
    CHECK(g.partial == 5);
}

TEST_CASE("energy_stage: hours, days and months are merged from quarters", "[energy][roll_up]")
{
    energy_stage s{plant_in(8 * hour_ms, 8 * hour_ms)};
    auto const rows = run(s, 0, 2 * day_ms + hour_ms, 60 * second);
    std::map<std::string_view, std::size_t> count;
    for (auto const& r : rows)
        if (r.layout->device == "mill" || r.layout->kind == stream::kpi_1h)
            ++count[to_string(r.layout->kind)];
    CHECK(count["window/PT1H"] == 48);
    CHECK(count["kpi/PT1H"] == 48);
    CHECK(count["window/P1D"] == 2); // the first ends 16:00 UTC
    CHECK(count["window/production_day"] == 2);

    SECTION("their energy is the sum of the quarters, to the last bit")
    {
        for (auto const s2 : {stream::window_1h, stream::window_day})
            for (auto const& r : of_stream(rows, "mill", s2)) {
                auto sum = 0.0;
                for (auto const& q : of_stream(rows, "mill", stream::window_15m))
                    if (number_in(q, "start") >= number_in(r, "start") && number_in(q, "end") <= number_in(r, "end"))
                        sum += number_in(q, "active_energy_import.delta");
                CHECK(number_in(r, "active_energy_import.partial") == sum);
            }
    }
    SECTION("a whole day is good, the first one lacks its morning")
    {
        auto const days = of_stream(rows, "mill", stream::window_day);
        CHECK(number_in(days[1], "active_energy_import.delta") == Approx(2400e3));
        CHECK(number_in(days[1], "active_power.mean") == Approx(100e3));
        CHECK(cause_of(days[1], "active_energy_import.delta") == quality::good);
        CHECK(number_in(days[1], "end") - number_in(days[1], "start") == day_ms);
        CHECK(std::isnan(number_in(days[0], "active_energy_import.delta")));
        CHECK(cause_of(days[0], "active_energy_import.delta") == quality::coverage_too_low);
        auto const figures_of_day = of_stream(rows, "site", stream::kpi_day);
        CHECK(number_in(figures_of_day[1], "pv.e") == Approx(24 * 120));
        CHECK(number_in(figures_of_day[1], "site.pv_first") == Approx(100));
        CHECK(number_in(figures_of_day[1], "pv.eta_inv") == Approx(96));
        CHECK(number_in(figures_of_day[1], "grid.demand_max") == Approx(40));
    }
}

TEST_CASE("energy_stage: without a production day of its own there is no such stream", "[energy][roll_up]")
{
    energy_stage s{plant_in(8 * hour_ms)};
    auto const rows = run(s, 0, day_ms + hour_ms, 60 * second);
    CHECK_FALSE(of_stream(rows, "mill", stream::window_day).empty());
    CHECK(of_stream(rows, "mill", stream::window_production_day).empty());
}

TEST_CASE("energy_stage: the day on which clocks go back has 25 hours", "[energy][roll_up]")
{
    auto m = small_plant();
    m.local_time = calendar{{{0, 2 * hour_ms}, {t0 + 3 * hour_ms, hour_ms}}, 0};
    energy_stage s{m};
    auto const first = m.local_time.window(period::day, t0);
    REQUIRE(first.length() == 25 * hour_ms);
    auto const rows = run(s, first.start - t0, first.end - t0 + hour_ms, 60 * second);
    auto const days = of_stream(rows, "mill", stream::window_day);
    REQUIRE(days.size() == 1);
    CHECK(number_in(days[0], "active_energy_import.delta") == Approx(2500e3).epsilon(1e-3));
    CHECK(of_stream(rows, "mill", stream::window_1h).size() == 25);
}

TEST_CASE("energy_stage: a gap over hours is whole in the day, and only the day is good", "[energy][roll_up]")
{
    energy_stage s{plant_in(0)};
    small_feed const feed;
    auto const begin = -static_cast<std::int64_t>(t0 % day_ms);
    std::vector<row> rows;
    for (auto ms = begin; ms < begin + day_ms + hour_ms; ms += 60 * second) {
        for (auto const& r : feed.at(ms))
            if (r.layout->device != "mill" || ms < begin + 4 * hour_ms || ms > begin + 6 * hour_ms + 20 * minute_ms)
                s.fold(r);
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const hours = of_stream(rows, "mill", stream::window_1h);
    REQUIRE(hours.size() >= 23);
    CHECK(number_in(of_stream(rows, "mill", stream::window_day)[0], "active_energy_import.delta") == Approx(2400e3));
    CHECK(cause_of(of_stream(rows, "mill", stream::window_day)[0], "active_energy_import.delta") == quality::good);
    auto const after = std::find_if(hours.begin(), hours.end(), [&](row const& r) {
        return number_in(r, "start") == static_cast<double>(t0 + begin + 6 * hour_ms);
    });
    REQUIRE(after != hours.end());
    CHECK(cause_of(*after, "active_energy_import.delta") == quality::gap_energy);
    CHECK(number_in(*after, "active_energy_import.delta") == Approx(300e3).epsilon(0.01)); // and two hours before it
    auto const day = of_stream(rows, "site", stream::kpi_day);
    CHECK(number_in(day[0], "mill.e") == Approx(2400));
    CHECK(cause_of(day[0], "mill.e") == quality::good);
}

TEST_CASE("energy_stage: one minute in doubt does not spoil a day", "[energy][roll_up]")
{
    gauge_summary sum;
    sum.hold(5, quality::good, 0, 23 * hour);
    sum.hold(5, quality::stuck, 23 * hour, 24 * hour);
    CHECK(sum.quality_of_mean(24 * hour) == quality::good);
    sum.hold(5, quality::stuck, 24 * hour, 26 * hour);
    CHECK(sum.quality_of_mean(26 * hour) == quality::stuck);
}

TEST_CASE("energy_stage: open periods outlive a restart", "[energy][roll_up]")
{
    auto const whole = [] {
        energy_stage s{plant_in(8 * hour_ms, 6 * hour_ms)};
        return texts_of(run(s, 0, 30 * hour_ms, 60 * second));
    }();
    auto s = std::make_unique<energy_stage>(plant_in(8 * hour_ms, 6 * hour_ms));
    std::vector<row> rows;
    for (std::int64_t from = 0; from < 30 * hour_ms; from += 100 * minute_ms) {
        for (auto& r : run(*s, from, from + 100 * minute_ms, 60 * second))
            rows.push_back(std::move(r));
        auto next = std::make_unique<energy_stage>(plant_in(8 * hour_ms, 6 * hour_ms));
        REQUIRE(next->restore(s->snapshot()));
        s = std::move(next);
    }
    CHECK(texts_of(rows) == whole);
}
