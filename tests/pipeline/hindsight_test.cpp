#include "agent/pipeline/hindsight.hpp"

#include "agent/energy/sun.hpp"
#include "tests/pipeline/small_journal.hpp"

#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::test;

namespace {

/// The mill does not answer from 23:40 to 00:20.
std::optional<double> silent_over_new_year(std::string const& device, std::int64_t ms)
{
    if (device == "mill" && ms > new_year - 20 * minute_ms && ms < new_year + 20 * minute_ms)
        return std::nullopt;
    return at_120_kw(ms);
}

} // namespace

TEST_CASE("hindsight: after an outage every window inside it is told again, from the minute to the year",
          "[pipeline][hindsight]")
{
    small_journal j;
    run(j, silent_over_new_year, new_year - 8 * hour_ms, new_year + 7 * hour_ms);
    CHECK(j.shown_again == 1);
    auto const delta = "active_energy_import.delta";
    auto const during = look(j, "mill", stream::window_1m, new_year - 10 * minute_ms, delta);
    CHECK(during.value == Approx(2000));
    CHECK(during.q == quality::interpolated);
    auto const after = look(j, "mill", stream::window_1m, new_year + 19 * minute_ms, delta);
    CHECK(after.value == Approx(2000));
    struct wanted {
        stream window, kpi;
        std::int64_t start;
        double hours;
    };
    std::int64_t const day = 24 * hour_ms;
    for (auto const& [window, kpi, start, hours] :
         {wanted{stream::window_15m, stream::kpi_15m, -15 * minute_ms, 0.25},
          wanted{stream::window_15m, stream::kpi_15m, 0, 0.25}, wanted{stream::window_1h, stream::kpi_1h, -hour_ms, 1},
          wanted{stream::window_1h, stream::kpi_1h, 0, 1}}) {
        auto const w = look(j, "mill", window, new_year + start, delta);
        CHECK(w.value == Approx(120e3 * hours));
        CHECK(w.revision == (start == -hour_ms ? 1 : 0)); // the others were not told before: nothing was known
        auto const k = look(j, "site", kpi, new_year + start, "mill.e");
        CHECK(k.value == Approx(120 * hours));
        CHECK(k.revision == (kpi == stream::kpi_1h && start == 0 ? 0 : 1)); // that hour was open still
    }
    for (auto const& [window, kpi, start, hours] :
         {wanted{stream::window_day, stream::kpi_day, -day, 8},
          wanted{stream::window_month, stream::kpi_month, -31 * day, 8},
          wanted{stream::window_year, stream::kpi_year, -365 * day, 8},
          wanted{stream::window_production_day, stream::kpi_production_day, -18 * hour_ms, 14}}) {
        auto const w = look(j, "mill", window, new_year + start, "active_energy_import.partial");
        CHECK(w.value == Approx(120e3 * hours).epsilon(1e-4)); // the first reading is the first edge
        CHECK(w.revision == (window == stream::window_production_day ? 0 : 1));
        CHECK(look(j, "site", kpi, new_year + start, "mill.e.partial").value == Approx(120 * hours).epsilon(1e-4));
        CHECK(look(j, "grid", window, new_year + start, "active_energy_import.partial").revision == 0);
    }
}

TEST_CASE("hindsight: the newest minutes add up to the newest quarter and hour", "[pipeline][hindsight]")
{
    small_journal j;
    run(j, silent_over_new_year, new_year - 2 * hour_ms, new_year + 2 * hour_ms);
    auto const delta = "active_energy_import.delta";
    for (auto start = new_year - hour_ms; start < new_year + hour_ms; start += 15 * minute_ms) {
        auto sum = 0.0;
        for (auto m = start; m < start + 15 * minute_ms; m += minute_ms)
            sum += look(j, "mill", stream::window_1m, m, delta).value;
        CHECK(look(j, "mill", stream::window_15m, start, delta).value == sum);
    }
}

TEST_CASE("hindsight: a large plant that was away for most of a day gets every minute back, an hour at a time",
          "[pipeline][hindsight]")
{
    constexpr std::size_t meters = 80;
    constexpr std::int64_t away = 23 * hour_ms;
    small_journal j;
    j.model.devices.clear();
    std::vector<layout_ptr> layouts;
    for (std::size_t i = 0; i < meters; ++i) {
        auto& d = j.model.devices.emplace_back();
        d.name = fmt::format("load-{}", i);
        d.what = role::load;
        layouts.push_back(layout_of(d.name));
    }
    j.stage = std::make_unique<pipeline::energy_pipeline>(j.model);
    for (auto ms = new_year - 5 * minute_ms; ms < new_year + away + 5 * minute_ms; ms += 10'000) {
        if (ms > new_year && ms < new_year + away)
            continue;
        for (auto const& l : layouts)
            j.append({l,
                      {mono_time{milliseconds{ms - new_year + 10 * hour_ms}}, utc_time{milliseconds{ms}}},
                      {cell_of(at_120_kw(ms))},
                      {}});
        j.show(ms + 1);
    }
    std::size_t told = 0;
    for (auto const& r : j.derived)
        told += r.layout->kind == stream::window_1m && scaled_number(r, 0) >= double(new_year) &&
                        scaled_number(r, 1) <= double(new_year + away) && scaled_number(r, 2) == 0
                    ? 1
                    : 0;
    CHECK(told == meters * 23 * 60);
    CHECK(look(j, "load-79", stream::window_1m, new_year + minute_ms, "active_energy_import.delta").value ==
          Approx(2000));
    CHECK(j.most_rows > pipeline::hindsight::rows_max);
    CHECK(j.most_rows <= pipeline::hindsight::rows_max + 2 * meters * 60);
}

TEST_CASE("hindsight: a revision is one more than the one before, each time", "[pipeline][hindsight]")
{
    small_journal j;
    auto const twice = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
        auto const m = (ms - new_year) / minute_ms;
        if ((device == "mill" && m >= 5 && m < 20) || (device == "grid" && m >= 10 && m < 40))
            return std::nullopt;
        return at_120_kw(ms);
    };
    run(j, twice, new_year - hour_ms, new_year + 2 * hour_ms);
    CHECK(j.shown_again == 2);
    CHECK(look(j, "site", stream::kpi_1m, new_year + 12 * minute_ms, "mill.e").revision == 2);
    CHECK(look(j, "site", stream::kpi_1m, new_year + 12 * minute_ms, "grid.e_imp").value == Approx(2));
    CHECK(look(j, "site", stream::kpi_1m, new_year + 12 * minute_ms, "mill.e").value == Approx(2));
    CHECK(look(j, "site", stream::kpi_1m, new_year + 30 * minute_ms, "mill.e").revision == 1);
    std::map<std::string, double> last;
    for (auto const& r : j.derived) {
        if (r.layout->kind == stream::event)
            continue;
        auto const key = fmt::format("{} {} {}", r.layout->device, to_string(r.layout->kind), scaled_number(r, 0));
        auto const revision = scaled_number(r, 2);
        INFO(key);
        CHECK(revision == (last.contains(key) ? last[key] + 1 : 0));
        last[key] = revision;
    }
}

TEST_CASE("hindsight: a gap longer than gap_total_max stays in the first window after it", "[pipeline][hindsight]")
{
    small_journal j;
    auto const long_gap = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
        if (device == "mill" && ms >= new_year && ms <= new_year + 25 * hour_ms + 20'000)
            return std::nullopt;
        return at_120_kw(ms);
    };
    run(j, long_gap, new_year - hour_ms, new_year + 26 * hour_ms);
    CHECK(j.shown_again == 0);
    auto const after = look(j, "mill", stream::window_1m, new_year + 25 * hour_ms, "active_energy_import.delta");
    CHECK(after.q == quality::gap_energy);
    CHECK(after.value > 25 * 120e3);
    CHECK(j.window("mill", stream::window_1m, new_year + 5 * hour_ms) == nullptr);
}

TEST_CASE("hindsight: when nothing at all was read the windows of that time are made when readings come again",
          "[pipeline][hindsight]")
{
    small_journal j;
    auto const off = [](std::string const&, std::int64_t ms) -> std::optional<double> {
        if (ms >= new_year && ms < new_year + 90 * minute_ms)
            return std::nullopt;
        return at_120_kw(ms);
    };
    run(j, off, new_year - hour_ms, new_year + 3 * hour_ms);
    auto const inside = look(j, "mill", stream::window_1m, new_year + 45 * minute_ms, "active_energy_import.delta");
    CHECK(inside.value == Approx(2000));
    CHECK(inside.q == quality::interpolated);
    CHECK(look(j, "site", stream::kpi_1h, new_year, "mill.e").value == Approx(120));
}

TEST_CASE("hindsight: a spike that turns out to be true is shared out to the windows it kept waiting",
          "[pipeline][hindsight]")
{
    small_journal j;
    auto const reset = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
        auto const since = ms - new_year - 7 * minute_ms;
        if (device != "mill" || since < 0)
            return at_120_kw(ms);
        if (since > 0 && since < 3 * minute_ms) // confirmed three minutes later
            return std::nullopt;
        return 120e3 * static_cast<double>(since) / 3.6e6;
    };
    run(j, reset, new_year - hour_ms, new_year + hour_ms);
    auto const held = look(j, "mill", stream::window_1m, new_year + 7 * minute_ms, "active_energy_import.delta");
    CHECK(held.value == Approx(2000));
    CHECK(look(j, "mill", stream::window_1m, new_year + 6 * minute_ms, "active_energy_import.delta").q ==
          quality::counter_reset);
    CHECK(std::count_if(j.derived.begin(), j.derived.end(),
                        [](row const& r) { return r.layout->kind == stream::event; }) == 1); // told once
}

TEST_CASE("hindsight: a restart at any moment, also while records are shown again, changes no row",
          "[pipeline][hindsight]")
{
    restarts_change_no_row([](std::uint32_t seed) {
        small_journal j;
        run(j, silent_over_new_year, new_year - hour_ms, new_year + hour_ms, seed);
        return j;
    });
}

TEST_CASE("hindsight: what the journal no longer has leaves the windows as they are", "[pipeline][hindsight]")
{
    pipeline::hindsight h{plant()};
    energy::energy_stage live{plant()};
    auto const l = layout_of("mill");
    auto const reading = [&](std::int64_t ms) {
        return row{l, {mono_time{milliseconds{ms}}, utc_time{milliseconds{new_year + ms}}}, {cell_of(double(ms))}, {}};
    };
    for (std::int64_t ms = 0; ms <= 30'000; ms += 10'000)
        live.fold(reading(ms));
    (void)live.advance(reading(30'000).time);
    h.remember(live.snapshot(), live.closed(), 5);
    live.fold(reading(10 * minute_ms));
    h.watch(live);
    REQUIRE(h.begin(6, reading(10 * minute_ms).time) == position{5});
    record missing;
    missing.pos = 7;
    h.fold(missing); // beyond what is to be shown: nothing
    CHECK(h.at_work());
    record gone;
    gone.pos = 3;
    h.fold(gone);
    CHECK_FALSE(h.at_work());
    CHECK(h.revised().empty());
    CHECK(h.take_given_up());
    CHECK_FALSE(h.take_given_up()); // told once
}

TEST_CASE("hindsight: alarms on readings do not wait while records are shown again", "[pipeline][hindsight]")
{
    energy::alarm_rule rule{.name = "mill", .device = "mill", .column = "active_energy_import", .unit = "Wh"};
    rule.when = {.above = true, .limit = at_120_kw(new_year + 30 * minute_ms) + 1, .hysteresis = 0, .delay = 0};
    pipeline::energy_pipeline p{plant(), {rule}};
    std::vector<record> all;
    auto const read = [&](std::int64_t ms) {
        record r;
        r.pos = all.size() + 1;
        r.data = {layout_of("mill"),
                  {mono_time{milliseconds{ms - new_year + hour_ms}}, utc_time{milliseconds{ms}}},
                  {cell_of(at_120_kw(ms))},
                  {}};
        all.push_back(r);
        return batch{r};
    };
    journal::stage_output out;
    for (auto ms = new_year; out.again == 0; ms += 10'000)
        if (ms <= new_year + 5 * minute_ms || ms >= new_year + 20 * minute_ms) {
            auto const b = read(ms);
            out = p.on_commit(b, b.back().data.time, false);
            REQUIRE(ms < new_year + 25 * minute_ms);
        }
    p.glance(read(new_year + 31 * minute_ms)); // committed while the replay runs
    batch const again{all.begin() + static_cast<std::ptrdiff_t>(out.again - 1),
                      all.begin() + static_cast<std::ptrdiff_t>(out.again + 1)};
    auto const during = p.on_commit(again, again.back().data.time, true);
    REQUIRE(during.rows.size() == 1);
    CHECK(during.rows[0].texts.at(0) == "alarm_raised");
    CHECK_FALSE(during.snapshot.empty());
    batch const rest{all.begin() + static_cast<std::ptrdiff_t>(out.again + 1), all.end()};
    for (auto const& r : p.on_commit(rest, rest.back().data.time, true).rows)
        CHECK((r.layout->kind != stream::event || r.texts.at(0) != "alarm_raised")); // told once
}

TEST_CASE("hindsight: meters that come back one after the other share a replay", "[pipeline][hindsight]")
{
    small_journal j;
    auto const staggered = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
        auto const m = (ms - new_year) / minute_ms;
        auto const back = device == "grid" ? 20 : device == "mill" ? 22 : 24;
        if (m >= 5 && m < back)
            return std::nullopt;
        return at_120_kw(ms);
    };
    run(j, staggered, new_year - hour_ms, new_year + hour_ms);
    CHECK(j.shown_again == 2);
    for (auto const device : {"grid", "mill", "kiln"})
        CHECK(look(j, device, stream::window_15m, new_year, "active_energy_import.delta").value == Approx(30e3));
    CHECK(look(j, "site", stream::kpi_1m, new_year + 12 * minute_ms, "mill.e").value == Approx(2));
}

TEST_CASE("pipeline: what people enter while the agent runs gives a target its base", "[pipeline][target]")
{
    small_journal j;
    energy::target_model t{"bought", "grid.e_imp", "kWh", 0, 0.1, 2020, 2030, "plan"};
    t.base_is_entered = true;
    j.model.targets = {t};
    j.stage = std::make_unique<pipeline::energy_pipeline>(j.model);
    std::size_t asked = 0;
    j.stage->take_targets_from([&](std::vector<row> const& entries) {
        ++asked;
        CHECK(entries.size() == 1);
        t.base = 1e6;
        return std::optional{std::vector{t}};
    });
    auto const at_120 = [](std::string const&, std::int64_t ms) { return std::optional{at_120_kw(ms)}; };
    run(j, at_120, new_year - 30 * minute_ms, new_year - 10 * minute_ms);
    CHECK(asked == 0);
    auto l = std::make_shared<layout>();
    l->device = "site";
    l->kind = stream::entry;
    j.append({l, {mono_time{}, utc_time{milliseconds{new_year - 10 * minute_ms}}}, {}, {}});
    run(j, at_120, new_year - 10 * minute_ms, new_year + 20 * minute_ms);
    CHECK(asked == 1);
    auto const month_of = [&](std::int64_t start) { return j.window("site", stream::kpi_month, start); };
    auto const* december = month_of(new_year - 31 * 24 * hour_ms);
    REQUIRE(december != nullptr);
    auto const& columns = december->layout->columns;
    CHECK(std::any_of(columns.begin(), columns.end(), [](auto const& c) { return c.name == "kpi.bought_reduction"; }));
}

TEST_CASE("hindsight: of meters that were away when the agent was, one that comes back later gets its windows back too",
          "[pipeline][hindsight]")
{
    small_journal j;
    auto const staggered = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
        auto const m = (ms - new_year) / minute_ms;
        if (m >= 5 && m < (device == "kiln" ? 40 : 20))
            return std::nullopt;
        return at_120_kw(ms);
    };
    run(j, staggered, new_year - hour_ms, new_year + hour_ms);
    for (auto const start : {12, 30, 39})
        CHECK(look(j, "kiln", stream::window_1m, new_year + start * minute_ms, "active_energy_import.delta").value ==
              Approx(2000));
}

TEST_CASE("hindsight: with gap_shape pv the energy of a gap comes with the sun, and evenly at night",
          "[pipeline][hindsight]")
{
    for (auto const longitude : {113.5, -66.5}) { // a morning in Liling, a night at sea
        small_journal j;
        energy::geographic_location const place{27.66, longitude};
        j.model.location = place;
        j.model.devices[1].what = role::pv;
        j.model.devices[1].gaps_by_sun = true;
        j.stage = std::make_unique<pipeline::energy_pipeline>(j.model);
        auto const away = [](std::string const& device, std::int64_t ms) -> std::optional<double> {
            if (device == "mill" && ms > new_year && ms < new_year + 2 * hour_ms)
                return std::nullopt;
            return at_120_kw(ms);
        };
        run(j, away, new_year - hour_ms, new_year + 3 * hour_ms);
        auto const gain = [&](std::int64_t m) {
            return look(j, "mill", stream::window_1m, new_year + m * minute_ms, "active_energy_import.delta").value;
        };
        auto sum = 0.0;
        for (auto m = 0; m < 120; ++m)
            sum += gain(m);
        CHECK(sum == 240e3);
        auto const height = [&](std::int64_t m) {
            auto const degrees = energy::sun_elevation(new_year + m * minute_ms + minute_ms / 2, 27.66, longitude);
            return std::max(0.0, std::sin(degrees * 3.14159265358979 / 180));
        };
        auto const wanted = longitude > 0 ? height(110) / height(10) : 1;
        CHECK((longitude < 0 || wanted > 2));
        CHECK(gain(110) / gain(10) == Approx(wanted).epsilon(0.02));
        CHECK(look(j, "kiln", stream::window_1m, new_year + 10 * minute_ms, "active_energy_import.delta").value ==
              Approx(2000));
    }
}
