#include "agent/journal/clock_map.hpp"

#include "tests/pipeline/small_journal.hpp"

using namespace kilnwatt;
using namespace kilnwatt::test;

namespace {

using wrongness = std::function<std::int64_t(std::int64_t ms)>; ///< wall clock less true time, ms
constexpr std::int64_t from = new_year - 10 * minute_ms;
constexpr std::int64_t to = new_year + 3 * hour_ms;

/// A journal that maps the time of its records as the real one does, and an agent that is restarted.
struct doubtful_journal : small_journal {
    journal::clock_map clocks;
    std::uint32_t boot = 0;
    std::int64_t began = 0;
    std::size_t told_untrusted = 0; ///< windows and figures while the clock was not trusted

    doubtful_journal() { start(from, "first"); }

    void start(std::int64_t ms, std::string machine)
    {
        began = ms;
        clocks.belongs(++boot, {std::move(machine), milliseconds{ms - from + hour_ms}});
        if (boot > 1)
            crash();
    }

    void read(std::int64_t ms, std::int64_t wrong)
    {
        layout_ptr const layouts[]{layout_of("grid"), layout_of("mill"), layout_of("kiln")};
        stamp const at{mono_time{milliseconds{ms - began}}, utc_time{milliseconds{ms + wrong}}};
        auto const first = records.size() + 1;
        for (auto const& l : layouts) {
            append({l, at, {cell_of(at_120_kw(ms))}, {}});
            records.back().boot = boot;
        }
        if (auto const due = clocks.due(first, boot, at)) {
            clocks.add(*due);
            for (auto& r : records)
                map(r);
        }
        for (auto i = first; i <= records.size(); ++i)
            map(records[i - 1]);
        auto const before = derived.size();
        while (fed <= records.size()) {
            auto const until = std::min<position>(records.size() + 1, fed + 300);
            batch const b{records.begin() + static_cast<std::ptrdiff_t>(fed - 1),
                          records.begin() + static_cast<std::ptrdiff_t>(until - 1)};
            auto const replaying = until <= records.size() || b.size() > 10;
            take(stage->on_commit(b, replaying ? b.back().data.time : at, replaying), until);
        }
        take(stage->on_commit({}, at, false), fed);
        if (!clocks.last().trusted)
            told_untrusted += static_cast<std::size_t>(
                std::count_if(derived.begin() + static_cast<std::ptrdiff_t>(before), derived.end(),
                              [](row const& r) { return r.layout->kind != stream::event; }));
    }

    void map(record& r) const
    {
        auto const e = clocks.at(r.pos);
        r.trusted = e.trusted;
        if (r.kind() == stream::readings)
            r.data.time.utc = utc_time{r.data.time.mono.time_since_epoch() + milliseconds{e.offset_ms}};
    }

    std::vector<std::string> windows() const
    {
        std::vector<std::string> all;
        for (auto const& r : derived)
            if (r.layout->kind != stream::event)
                all.push_back(text_of(r));
        std::sort(all.begin(), all.end());
        return all;
    }

    std::vector<std::string> events() const
    {
        std::vector<std::string> all;
        for (auto const& r : derived)
            if (r.layout->kind == stream::event)
                all.push_back(r.texts.at(0));
        return all;
    }

    double total() const
    {
        auto sum = 0.0;
        for (auto start = from; start < to; start += minute_ms)
            if (auto const* w = window("mill", stream::window_1m, start); w != nullptr)
                sum += std::isnan(scaled_number(*w, 3)) ? 0 : scaled_number(*w, 3);
        return sum;
    }
};

void play(doubtful_journal& j, wrongness const& wrong)
{
    for (auto ms = from; ms < to; ms += 10'000)
        j.read(ms, wrong(ms));
}

std::vector<std::string> with_a_right_clock()
{
    doubtful_journal j;
    play(j, [](auto) { return 0; });
    return j.windows();
}

/// The clock begins in 1970 and is set `after`.
wrongness set_after(std::int64_t after)
{
    return [after](std::int64_t ms) { return ms < from + after ? 100'000 - from : 0; };
}

} // namespace

TEST_CASE("untrusted clock: after a start in 1970 windows wait, and then have the right times and figures",
          "[pipeline][clock]")
{
    doubtful_journal j;
    play(j, set_after(40 * minute_ms));
    CHECK(j.told_untrusted == 0);
    CHECK(j.windows() == with_a_right_clock());
    CHECK(j.events() == std::vector<std::string>{"clock_untrusted", "clock_stepped", "clock_trusted"});
}

TEST_CASE("untrusted clock: a clock that was an hour wrong for five minutes changes no figure", "[pipeline][clock]")
{
    for (auto const step : {hour_ms, -hour_ms}) {
        doubtful_journal j;
        play(j, [&](auto ms) { return ms >= new_year && ms < new_year + 5 * minute_ms ? step : 0; });
        CHECK(j.told_untrusted == 0);
        CHECK(j.windows() == with_a_right_clock());
        CHECK(j.events() ==
              std::vector<std::string>{"clock_stepped", "clock_untrusted", "clock_stepped", "clock_trusted"});
    }
}

TEST_CASE("untrusted clock: a far step that stays is believed after ten quiet minutes", "[pipeline][clock]")
{
    doubtful_journal j;
    play(j, [](auto ms) { return ms >= new_year ? hour_ms : 0; });
    CHECK(j.told_untrusted == 0);
    CHECK(j.events() == std::vector<std::string>{"clock_stepped", "clock_untrusted", "clock_trusted"});
    auto const delta = "active_energy_import.delta";
    CHECK(look(j, "mill", stream::window_1m, new_year - 2 * minute_ms, delta).q == quality::good);
    CHECK(look(j, "mill", stream::window_1m, new_year + hour_ms + minute_ms, delta).value == Approx(2000));
    CHECK(look(j, "mill", stream::window_1m, new_year + 30 * minute_ms, delta).q == quality::interpolated);
}

TEST_CASE("untrusted clock: restarts before the clock is right change no figure", "[pipeline][clock]")
{
    auto const wanted = with_a_right_clock();
    for (std::uint32_t seed = 1; seed < 6; ++seed) {
        INFO("seed " << seed);
        std::mt19937 dice{seed};
        doubtful_journal j;
        auto const wrong = set_after(40 * minute_ms);
        for (auto ms = from; ms < to; ms += 10'000) {
            if (dice() % 60 == 0 || (seed == 1 && ms == from + 40 * minute_ms)) // also just when the clock is set
                j.start(ms - 4'000, "first");
            j.read(ms, wrong(ms));
        }
        REQUIRE(j.boot > 5);
        CHECK(j.told_untrusted == 0);
        CHECK(j.windows() == wanted);
    }
}

TEST_CASE("untrusted clock: a restart while a far step settles changes no figure", "[pipeline][clock]")
{
    doubtful_journal j;
    for (auto ms = from; ms < to; ms += 10'000) {
        if (ms == new_year + 3 * minute_ms)
            j.start(ms - 4'000, "first");
        j.read(ms, ms >= new_year && ms < new_year + 5 * minute_ms ? hour_ms : 0);
    }
    CHECK(j.told_untrusted == 0);
    CHECK(j.windows() == with_a_right_clock());
}

TEST_CASE("untrusted clock: what was read before the machine was switched off without a clock is in no window, and its "
          "energy is that of a gap",
          "[pipeline][clock]")
{
    doubtful_journal j;
    for (auto ms = from; ms < to; ms += 10'000) {
        if (ms == new_year + 20 * minute_ms)
            j.start(ms - 4'000, "second");
        if (ms == new_year + 40 * minute_ms)
            j.start(ms - 4'000, "third");
        auto const wrong = ms >= new_year + 20 * minute_ms && ms < new_year + 50 * minute_ms ? 100'000 - ms : 0;
        j.read(ms, wrong);
    }
    CHECK(j.told_untrusted == 0);
    auto const events = j.events();
    CHECK(std::count(events.begin(), events.end(), "time_unknown") == 1);
    auto const delta = "active_energy_import.delta";
    CHECK(look(j, "mill", stream::window_1m, new_year + 30 * minute_ms, delta).q == quality::interpolated);
    CHECK(look(j, "mill", stream::window_1m, new_year + 45 * minute_ms, delta).q == quality::good);
    auto const last = (to - minute_ms - from) / minute_ms; // the newest minute may be open
    CHECK(j.total() == Approx(2000.0 * static_cast<double>(last)).epsilon(0.02));
}

TEST_CASE("untrusted clock: a clock that is set while nothing is read closes no window", "[pipeline][clock]")
{
    doubtful_journal j;
    for (auto ms = from; ms < new_year; ms += 10'000)
        j.read(ms, 0);
    auto const before = j.windows().size();
    stamp const jumped{mono_time{milliseconds{new_year - from + 1'000}}, utc_time{milliseconds{new_year + hour_ms}}};
    CHECK(j.stage->on_commit({}, jumped, false).rows.empty());
    CHECK(j.stage->on_commit({}, {mono_time{}, utc_time{milliseconds{9'000}}}, false).rows.empty());
    j.read(new_year, 0);
    CHECK(j.windows().size() >= before);
}

TEST_CASE("untrusted clock: while nothing is read windows close ten minutes after a clock that was set far",
          "[pipeline][clock]")
{
    doubtful_journal j;
    for (auto ms = from; ms < new_year; ms += 10'000)
        j.read(ms, 0);
    auto const tick = [&](std::int64_t after) {
        auto const mono = new_year - from + after;
        stamp const at{mono_time{milliseconds{mono}}, utc_time{milliseconds{new_year + after + hour_ms}}};
        return j.stage->on_commit({}, at, false).rows.size();
    };
    CHECK(tick(1'000) == 0);
    CHECK(tick(10 * minute_ms) == 0);
    CHECK(tick(10 * minute_ms + 1'000) > 0);
}

TEST_CASE("clock_watch: goes on after a restart, and tells of a clock that was set back meanwhile", "[pipeline][clock]")
{
    auto const at = [](std::int64_t mono, std::int64_t utc) {
        return stamp{mono_time{milliseconds{mono}}, utc_time{milliseconds{utc}}};
    };
    pipeline::clock_watch before;
    CHECK_FALSE(before.step(1, at(50'000, new_year)));
    energy::byte_writer w;
    before.save(w);
    auto const bytes = w.take();
    for (auto const boot : {1u, 2u}) {
        pipeline::clock_watch after;
        energy::byte_reader r{bytes};
        after.load(r);
        REQUIRE((r.ok() && r.at_end()));
        if (boot == 1) // the records after the snapshot again
            CHECK(after.step(1, at(60'000, new_year + 40'000)) == 30'000);
        else
            CHECK(after.step(2, at(1'000, new_year - 40'000)) == -40'000);
    }
}
