#include "agent/energy/gauge_track.hpp"

#include "agent/energy/byte_stream.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::energy;

namespace {

constexpr instant base = 1'780'272'000'000; // a full minute

mono_time after(instant ms)
{
    return mono_time{milliseconds{ms}};
}

gauge_summary window_of(std::vector<std::pair<instant, double>> const& samples, instant end,
                        interpolation between = interpolation::hold)
{
    gauge_track t{2, between};
    for (auto const& [at, x] : samples)
        t.on_reading(base + at, x, quality::good, base, after(at));
    return t.close(base + end);
}

} // namespace

TEST_CASE("gauge_track: the mean of held values is weighted by time (G-AGG-1)", "[energy][gauge_track]")
{
    auto const w = window_of({{0, 100}, {20'000, 130}, {50'000, 70}, {70'000, 90}}, minute);
    CHECK(w.mean() == Approx(110.0).epsilon(1e-12));
    CHECK(w.integral / static_cast<double>(hour) == Approx(1.833333).epsilon(1e-6)); // kWh
    CHECK(w.coverage(minute) == 1.0);
    CHECK(w.samples == 3);
    CHECK(w.min == 70);
    CHECK(w.max == 130);
    CHECK(w.first == 100);
    CHECK(w.last == 70);
    CHECK(w.quality_of_mean(minute) == quality::good);
}

TEST_CASE("gauge_track: on straight lines between readings the mean is that of the trapezoids (G-AGG-1)",
          "[energy][gauge_track]")
{
    auto const w = window_of({{0, 100}, {20'000, 130}, {50'000, 70}, {70'000, 90}}, minute, interpolation::linear);
    CHECK(fmt::format("{:.4f}", w.mean()) == "100.8333");
    CHECK(w.coverage(minute) == 1.0);
    CHECK(w.min == 70);
    CHECK(w.max == 130);
    CHECK(w.first == 100);
    CHECK(w.last == 70);

    SECTION("of both signs the parts are those of the lines")
    {
        auto const both = window_of({{0, -10}, {20'000, 30}, {60'000, 30}}, minute, interpolation::linear);
        CHECK(both.integral == Approx(10.0 * 20'000 + 30.0 * 40'000));
        CHECK(both.positive == Approx(15.0 * 15'000 + 30.0 * 40'000));
    }
    SECTION("without a next reading before the window closes, or within three periods, the value stands")
    {
        CHECK(window_of({{0, 100}, {20'000, 130}}, minute, interpolation::linear).mean() ==
              Approx((115.0 * 20 + 130.0 * 40) / 60));
        gauge_track t{4, interpolation::linear};
        for (instant at : {0, 5'000, 10'000, 50'000})
            t.on_reading(base + at, at == 50'000 ? 500 : 100, quality::good, base, after(at));
        CHECK(t.close(base + minute).integral == Approx(100.0 * 25'000 + 500.0 * 10'000)); // 10 s + 3 x 5 s
    }
}

TEST_CASE("gauge_track: a value stands into the next window, and no longer than three periods", "[energy][gauge_track]")
{
    gauge_track t{2};
    for (instant at = 0; at <= 50'000; at += 10'000)
        t.on_reading(base + at, 5, quality::good, base, after(at));
    CHECK(t.close(base + minute).covered == minute);
    auto const next = t.close(base + 2 * minute);
    CHECK(next.covered == 20'000); // 50 s + 3 x 10 s
    CHECK(next.samples == 0);
    CHECK(next.mean() == 5);
    CHECK(next.quality_of_mean(minute) == quality::coverage_too_low);
    CHECK(t.close(base + 3 * minute).empty());
}

TEST_CASE("gauge_track: a missed poll leaves a reason, and the value before it stands on", "[energy][gauge_track]")
{
    gauge_track t{2};
    t.on_reading(base, 5, quality::good, base, after(0));
    t.on_missing(base + 10'000, quality::timeout, base);
    t.on_reading(base + 20'000, 7, quality::stuck, base, after(20'000));
    auto const w = t.close(base + minute);
    CHECK(w.missing == quality::timeout);
    CHECK(w.covered == minute);
    CHECK(w.quality_of_mean(minute) == quality::stuck);
    gauge_track silent{2};
    silent.on_missing(base, quality::device_offline, base);
    CHECK(silent.close(base + minute).quality_of_mean(minute) == quality::device_offline);
}

TEST_CASE("gauge_track: while a clock that went back catches up the time that passed counts in the current window",
          "[energy][gauge_track]")
{
    gauge_track t{2};
    t.on_reading(base + 30'000, 5, quality::good, base, after(30'000));
    t.on_reading(base + 20'000, 9, quality::good, base, after(40'000)); // 20 s back
    t.on_reading(base + 40'000, 1, quality::good, base, after(60'000)); // and beyond where it was
    auto const w = t.close(base + minute);
    CHECK(w.covered == 50'000);
    CHECK(w.integral == 5 * 10'000 + 9 * 20'000 + 1 * 20'000);
    CHECK(w.dubious == 30'000);
    CHECK(w.worst == quality::time_uncertain);
    CHECK(w.coverage(minute) == 0.5); // of the minute itself from 30 s on
}

TEST_CASE("gauge_track: time that a clock shows twice hides no gap of the hour", "[energy][gauge_track]")
{
    gauge_track t{3};
    for (instant at = 0; at < minute; at += 10'000)
        t.on_reading(base + at, 5, quality::good, base, after(at));
    auto sum = t.close(base + minute);
    for (instant at = minute; at < 3 * minute; at += 10'000) // the clock was set back by two minutes
        t.on_reading(base + at - 2 * minute, 5, quality::good, base + minute, after(at));
    for (instant at = 3 * minute; at < 4 * minute; at += 10'000)
        t.on_reading(base + at - 2 * minute, 7, quality::good, base + minute, after(at));
    auto const twice = t.close(base + 2 * minute);
    CHECK(twice.covered == 3 * minute - 10'000); // less the poll in which the clock caught up
    CHECK(twice.mean() == Approx((5.0 * 2 + 7.0) / 3).epsilon(0.01));
    sum = merge(merge(sum, twice), {}); // and then nothing
    CHECK(sum.covered == 4 * minute - 10'000);
    CHECK(sum.coverage(4 * minute) == 0.5);
    CHECK(sum.quality_of_mean(4 * minute) == quality::coverage_too_low);
}

TEST_CASE("gauge_track: a step back counts no time twice, and never more than max_hold between two readings",
          "[energy][gauge_track]")
{
    gauge_track t{3};
    for (instant at = 0; at <= 50'000; at += 10'000)
        t.on_reading(base + at, 5, quality::good, base, after(at));
    CHECK(t.close(base + minute).covered == minute);                             // up to 10 s beyond the last reading
    t.on_reading(base + 40'000, 5, quality::good, base + minute, after(70'000)); // 20 s later by the other clock
    byte_writer bytes;
    t.save(bytes, base + minute);
    gauge_track restored{3};
    auto const saved = bytes.take();
    byte_reader r{saved};
    restored.load(r, base + minute);
    REQUIRE((r.ok() && r.at_end()));
    for (auto* track : {&t, &restored}) {
        track->on_reading(base + 45'000, 5, quality::good, base + minute, after(600'000)); // nothing was read for long
        CHECK(track->close(base + 2 * minute).covered == 10'000 + 30'000 + 20'000);
    }
}

TEST_CASE("gauge_track: the clocks of two runs of the agent do not compare", "[energy][gauge_track]")
{
    gauge_track t{3};
    t.on_reading(base + 40'000, 5, quality::good, base, after(2'000)); // the first run read once, soon after its start
    t.restarted();
    t.on_reading(base + 30'000, 5, quality::good, base, after(300'000)); // set back meanwhile, and nobody knows by what
    t.on_reading(base + 35'000, 5, quality::good, base, after(305'000));
    CHECK(t.close(base + minute).covered == 25'000); // 20 s from 40 s on, and 5 s that the second run saw pass
}

TEST_CASE("gauge_track: time that is closed stays as it was", "[energy][gauge_track]")
{
    gauge_track t{2};
    t.on_reading(base + 50'000, 4, quality::good, base + minute, after(50'000));
    CHECK(t.close(base + 2 * minute).covered == 20'000); // 30 s from 50 s on, of which 10 s are closed
}

TEST_CASE("gauge_summary: any split merged in any order is the same window", "[energy][gauge_summary]")
{
    std::mt19937 dice{7};
    std::uniform_real_distribution<double> value{-50, 150};
    std::uniform_int_distribution<instant> length{1, 4'000};
    std::uniform_int_distribution<std::size_t> part_of{0, 4};
    quality const causes[]{quality::good, quality::night, quality::stuck, quality::held, quality::engineering_range};
    for (int round = 0; round < 200; ++round) {
        gauge_summary whole;
        std::vector<gauge_summary> parts(5);
        for (instant at = base; at < base + minute;) {
            auto const to = std::min(base + minute, at + length(dice));
            auto const x = value(dice);
            auto const q = causes[part_of(dice)];
            whole.sample(x, q, at);
            whole.hold(x, q, at, to);
            parts[part_of(dice)].sample(x, q, at);
            auto const cut = at + (to - at) / 3; // a piece may be split between parts, too
            if (cut > at)
                parts[part_of(dice)].hold(x, q, at, cut);
            parts[part_of(dice)].hold(x, q, cut, to);
            at = to;
        }
        std::shuffle(parts.begin(), parts.end(), dice);
        while (parts.size() > 1) { // an arbitrary tree of merges
            auto const i = part_of(dice) % (parts.size() - 1);
            parts[i] = part_of(dice) % 2 == 0 ? merge(parts[i], parts[i + 1]) : merge(parts[i + 1], parts[i]);
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
        auto const& merged = parts.front();
        REQUIRE(merged.integral == Approx(whole.integral).epsilon(1e-12).margin(1e-6));
        REQUIRE(merged.positive == Approx(whole.positive).epsilon(1e-12));
        REQUIRE(merged.covered == whole.covered);
        REQUIRE(merged.covered == minute);
        REQUIRE(merged.seen == minute);
        REQUIRE(merged.samples == whole.samples);
        REQUIRE(merged.min == whole.min);
        REQUIRE(merged.max == whole.max);
        REQUIRE(merged.first == whole.first);
        REQUIRE(merged.first_at == whole.first_at);
        REQUIRE(merged.last == whole.last);
        REQUIRE(merged.worst == whole.worst);
    }
}

TEST_CASE("gauge_summary: an empty one changes nothing", "[energy][gauge_summary]")
{
    auto const w = window_of({{0, 100}, {20'000, -130}}, minute);
    for (auto const& m : {merge(w, {}), merge({}, w)}) {
        CHECK(m.integral == w.integral);
        CHECK(m.covered == w.covered);
        CHECK(m.first == w.first);
        CHECK(m.last == w.last);
        CHECK(m.worst == w.worst);
        CHECK(m.missing == w.missing);
    }
    CHECK(gauge_summary{}.empty());
}

TEST_CASE("aggregate_quality: coverage grades an aggregate", "[energy][aggregate_quality]")
{
    CHECK(graded(quality::good, 0.95) == quality::good);
    CHECK(graded(quality::good, 0.9499) == quality::low_coverage);
    CHECK(graded(quality::stuck, 0.8) == quality::stuck);
    CHECK(graded(quality::good, 0.75) == quality::low_coverage);
    CHECK(graded(quality::good, 0.7499) == quality::coverage_too_low);
}

TEST_CASE("aggregate_quality: combining is symmetric and agrees with the severities of all causes",
          "[energy][aggregate_quality]")
{
    std::vector<quality> known;
    for (int i = 0; i < 256; ++i)
        if (is_known(static_cast<quality>(i)))
            known.push_back(static_cast<quality>(i));
    REQUIRE(known.size() > 30);
    for (auto const a : known)
        for (auto const b : known) {
            REQUIRE(combined(a, b) == combined(b, a));
            REQUIRE(severity_of(combined(a, b)) == severity_of(worst(a, b)));
        }
}

TEST_CASE("sample_period: learns the period and keeps it through an outage", "[energy][sample_period]")
{
    sample_period p;
    CHECK(p.max_hold() == hold_first);
    p.saw(10'000);
    CHECK(p.max_hold() == 30'000);
    p.saw(2'400'000); // an outage
    p.saw(10'200);
    CHECK(p.max_hold() == 30'000);
    p.saw(4'000); // somebody asked in between
    p.saw(6'000);
    p.saw(10'000);
    CHECK(p.max_hold() == 30'000);
    p.saw(1'000); // a new period, seen twice
    p.saw(1'010);
    CHECK(p.max_hold() == 3'030);
    p.saw(200);
    p.saw(200);
    CHECK(p.max_hold() == hold_min);
    p.saw(600'000);
    p.saw(600'000);
    CHECK(p.max_hold() == hold_max);
}
