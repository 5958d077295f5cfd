#include "agent/pipeline/energy_pipeline.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <tuple>

using namespace kilnwatt;

namespace {

constexpr std::int64_t t0 = 1'780'272'000'000; // a full hour
constexpr std::int64_t minute_ms = 60'000;
constexpr double watt = 120e3;

/// A meter at 120 kW read each 10 s for `length`, while the wall clock is `step` further from `at` on (elapsed time).
struct stepped_clock {
    std::vector<row> rows;
    std::size_t folded = 0;

    stepped_clock(std::int64_t length, std::int64_t at, std::int64_t step)
    {
        energy::plant_model m;
        m.devices.resize(1);
        m.devices[0].name = "mill";
        m.devices[0].what = role::load;
        pipeline::energy_pipeline p{m};
        auto l = std::make_shared<layout>();
        l->device = "mill";
        column c;
        c.name = "active_energy_import";
        c.unit = "Wh";
        c.kind = value_kind::f64;
        l->columns = {c};
        position next = 1;
        std::vector<record> kept;
        for (std::int64_t ms = 0; ms <= length; ms += 10'000) {
            record r;
            r.pos = next++;
            auto const wall = t0 + ms + (ms >= at ? step : 0);
            r.data = {l,
                      {mono_time{milliseconds{ms}}, utc_time{milliseconds{wall}}},
                      {cell_of(5e6 + watt * static_cast<double>(ms) / 3.6e6)},
                      {}};
            kept.push_back(r);
            auto out = p.on_commit({r}, r.data.time, false);
            take(std::move(out.rows));
            if (out.again == 0)
                continue;
            batch const again{kept.begin() + static_cast<std::ptrdiff_t>(out.again - 1), kept.end()};
            take(p.on_commit(again, r.data.time, true).rows);
        }
    }

    void take(std::vector<row> more) { std::move(more.begin(), more.end(), std::back_inserter(rows)); }

    std::vector<std::string> events() const
    {
        std::vector<std::string> all;
        for (auto const& r : rows)
            if (r.layout->kind == stream::event)
                all.push_back(r.texts.at(0) + ": " + r.texts.at(2));
        return all;
    }

    struct gain {
        double value = 0, revision = 0;
        quality q = quality::good;
    };

    /// The newest gain of every minute.
    std::map<std::int64_t, gain> minutes() const
    {
        std::map<std::int64_t, gain> all;
        for (auto const& r : rows)
            if (r.layout->kind == stream::window_1m)
                all[static_cast<std::int64_t>(scaled_number(r, 0)) - t0] = {
                    std::isnan(scaled_number(r, 3)) ? 0 : scaled_number(r, 3), scaled_number(r, 2), r.cells[3].q};
        return all;
    }

    double total() const
    {
        auto sum = 0.0;
        for (auto const& [start, g] : minutes())
            sum += g.value;
        return sum;
    }
};

} // namespace

TEST_CASE("clock: a step is an event with its size and direction", "[pipeline][clock]")
{
    CHECK(stepped_clock(20 * minute_ms, 5 * minute_ms, 3'600'000).events() ==
          std::vector<std::string>{"clock_stepped: the clock was set forward by 3600.0 s"});
    CHECK(stepped_clock(20 * minute_ms, 5 * minute_ms, -90'500).events() ==
          std::vector<std::string>{"clock_stepped: the clock was set back by 90.5 s"});
}

TEST_CASE("clock: a change of up to 2 s is the clock being steered, and no event", "[pipeline][clock]")
{
    CHECK(stepped_clock(20 * minute_ms, 5 * minute_ms, 2'000).events().empty());
    CHECK(stepped_clock(20 * minute_ms, 5 * minute_ms, -2'000).events().empty());
}

TEST_CASE("clock: a restart of the agent is no step", "[pipeline][clock]")
{
    pipeline::clock_watch w;
    CHECK_FALSE(w.step(1, {mono_time{milliseconds{50'000}}, utc_time{milliseconds{t0}}}));
    CHECK_FALSE(w.step(2, {mono_time{milliseconds{60'000}}, utc_time{milliseconds{t0 + 700'000}}}));
    CHECK(w.step(2, {mono_time{milliseconds{61'000}}, utc_time{milliseconds{t0 + 705'000}}}) == 4'000);
}

TEST_CASE("clock: after a step forward the readings before it keep their times, and the span that was jumped is a gap",
          "[pipeline][clock]")
{
    stepped_clock const c{60 * minute_ms, 10 * minute_ms + 30'000, 3'600'000};
    auto const minutes = c.minutes();
    CHECK(minutes.at(5 * minute_ms).value == Approx(2000));
    CHECK(minutes.at(5 * minute_ms).q == quality::good);
    REQUIRE(minutes.contains(40 * minute_ms)); // inside the jump: its share of 10 s
    CHECK(minutes.at(40 * minute_ms).value == Approx(watt * 10 / 3600 / 60.2).epsilon(0.01));
    CHECK(minutes.at(40 * minute_ms).q == quality::interpolated);
    CHECK(minutes.at(80 * minute_ms).value == Approx(2000));
    auto const closed = 58.0; // minutes of 60 that were closed when the last reading came
    CHECK(c.total() == Approx(closed / 60 * watt).epsilon(0.02));
}

TEST_CASE("clock: a step back never reopens a window that is closed, and loses no energy", "[pipeline][clock]")
{
    for (auto const step : {-90'000, -20 * 60'000}) {
        stepped_clock const c{100 * minute_ms, 50 * minute_ms, step};
        std::map<std::tuple<stream, double>, int> told;
        auto latest = 0.0;
        for (auto const& r : c.rows) {
            if (r.layout->kind == stream::event)
                continue;
            CHECK(++told[{r.layout->kind, scaled_number(r, 0)}] <= (r.layout->device == "mill" ? 1 : 2));
            if (r.layout->kind == stream::window_1m && scaled_number(r, 2) == 0) {
                CHECK(scaled_number(r, 0) > latest);
                latest = scaled_number(r, 0);
            }
        }
        auto const minutes = c.minutes();
        auto const until = static_cast<double>(minutes.rbegin()->first + minute_ms);
        auto const elapsed = until - static_cast<double>(step); // the wall clock is that much behind
        CHECK(c.total() == Approx(watt * elapsed / 3.6e6).epsilon(1e-6));
        CHECK(std::any_of(minutes.begin(), minutes.end(),
                          [](auto const& m) { return m.second.q == quality::time_uncertain; }));
    }
}
