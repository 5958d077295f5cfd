#include "agent/pipeline/energy_pipeline.hpp"

#include "core/aggregate_columns.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>

using namespace kilnwatt;

namespace {

constexpr std::int64_t t0 = 1'780'272'000'000; // a full hour
constexpr std::int64_t minute_ms = 60'000;

stamp time_at(std::int64_t ms)
{
    return {mono_time{milliseconds{ms}}, utc_time{milliseconds{t0 + ms}}};
}

energy::plant_model plant()
{
    energy::plant_model m;
    m.devices.resize(2);
    m.devices[0].name = "grid";
    m.devices[0].what = role::grid;
    m.devices[1].name = "mill";
    m.devices[1].what = role::load;
    m.devices[1].key = true;
    return m;
}

/// A reading and a figure that are beyond their limits now and then in an_hour().
std::vector<energy::alarm_rule> alarms()
{
    energy::alarm_rule power{.name = "mill-power", .device = "mill", .column = "active_power", .unit = "W"};
    power.when = {.above = true, .limit = 40'900, .hysteresis = 800, .delay = 0};
    energy::alarm_rule import{
        .name = "import", .device = "site", .column = "grid.p", .from = stream::kpi_1m, .unit = "kW"};
    import.when = {.above = true, .limit = 40.5, .hysteresis = 0.05, .delay = 60'000};
    return {power, import};
}

layout_ptr layout_of(std::string device, stream kind = stream::readings)
{
    auto l = std::make_shared<layout>();
    l->device = std::move(device);
    l->kind = kind;
    for (auto const* name : {"active_power", "active_energy_import", "active_energy_export"}) {
        column c;
        c.name = name;
        c.unit = l->columns.empty() ? "W" : "Wh";
        c.kind = value_kind::f64;
        c.counter = !l->columns.empty();
        l->columns.push_back(c);
    }
    return l;
}

/// An hour of two meters that answer about once a second, with silences and counters that start again; ten minutes of
/// it nothing answers at all.
std::vector<record> an_hour(std::uint32_t seed)
{
    std::mt19937 dice{seed};
    layout_ptr const layouts[]{layout_of("grid"), layout_of("mill")};
    double energy[]{5e6, 8e5};
    std::vector<record> records;
    for (std::int64_t ms = 0; ms < 60 * minute_ms; ms += 900 + static_cast<std::int64_t>(dice() % 200)) {
        if (ms > 20 * minute_ms && ms < 30 * minute_ms)
            continue;
        for (std::size_t d = 0; d < 2; ++d) {
            energy[d] = dice() % 1'500 == 0 ? 2.0 : energy[d] + static_cast<double>(dice() % 40);
            if (dice() % 50 == 0)
                continue;
            record r;
            r.pos = records.size() + 1;
            r.data = {layouts[d],
                      time_at(ms + static_cast<std::int64_t>(d)),
                      {cell_of(40e3 + static_cast<double>(dice() % 1000)), cell_of(energy[d]), cell_of(0.0)},
                      {}};
            records.push_back(std::move(r));
        }
    }
    return records;
}

std::string text_of(row const& r)
{
    auto text =
        fmt::format("{} {} {}", r.layout->device, to_string(r.layout->kind), r.time.utc.time_since_epoch().count());
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        text += fmt::format(" {}={:x}:{}", r.layout->columns[i].name, r.cells[i].bits, to_string(r.cells[i].q));
    for (auto const& t : r.texts)
        text += " " + t;
    return text;
}

/// Commits of half a second, as the journal makes them, on until everything is closed.
struct journal_play {
    explicit journal_play(std::vector<record> const& all) : records{all} {}

    batch next()
    {
        now += 500;
        batch b;
        while (read < records.size() && records[read].data.time.utc < time_at(now).utc)
            b.push_back(records[read++]);
        return b;
    }

    bool done() const { return now > 80 * minute_ms; }

    std::vector<record> const& records;
    std::size_t read = 0;
    std::int64_t now = 0;
};

std::vector<std::string> undisturbed(std::vector<record> const& records)
{
    pipeline::energy_pipeline p{plant(), alarms()};
    std::vector<std::string> rows;
    for (journal_play play{records}; !play.done();) {
        auto const b = play.next();
        for (auto const& r : p.on_commit(b, time_at(play.now), false).rows)
            rows.push_back(text_of(r));
    }
    std::sort(rows.begin(), rows.end()); // where commits are cut decides which of two rows comes first
    return rows;
}

} // namespace

TEST_CASE("energy_pipeline: a restart changes no figure, wherever it falls", "[pipeline][energy_pipeline]")
{
    auto const records = an_hour(1);
    auto const wanted = undisturbed(records);
    REQUIRE(wanted.size() > 150);
    REQUIRE(std::any_of(wanted.begin(), wanted.end(), [](auto const& t) { return t.find("counter_reset") != t.npos; }));
    for (auto const* const text : {"alarm_raised mill-power", "alarm_cleared mill-power", "alarm_raised import"})
        REQUIRE(std::any_of(wanted.begin(), wanted.end(), [&](auto const& t) { return t.find(text) != t.npos; }));
    std::mt19937 dice{2};
    for (int round = 0; round < 10; ++round) {
        auto p = std::make_unique<pipeline::energy_pipeline>(plant(), alarms());
        std::vector<std::string> rows;
        std::string snapshot; // what the file holds
        std::size_t covers = 0;
        auto const keep = [&](journal::stage_output const& out, std::size_t read) {
            for (auto const& r : out.rows)
                rows.push_back(text_of(r));
            if (!out.snapshot.empty()) {
                snapshot = out.snapshot;
                covers = read;
            }
        };
        for (journal_play play{records}; !play.done();) {
            auto const b = play.next();
            auto const out = p->on_commit(b, time_at(play.now), false);
            auto const crash = dice() % 600 == 0;
            if (!crash || dice() % 2 == 0) // else the answer was not written any more
                keep(out, play.read);
            if (!crash)
                continue;
            p = std::make_unique<pipeline::energy_pipeline>(plant(), alarms());
            REQUIRE(p->restore(snapshot));
            for (auto from = covers; from < play.read;) {
                auto const to = std::min<std::size_t>(play.read, from + 1 + dice() % 40);
                batch const again{records.begin() + static_cast<std::ptrdiff_t>(from),
                                  records.begin() + static_cast<std::ptrdiff_t>(to)};
                keep(p->on_commit(again, again.back().data.time, true), to);
                from = to;
            }
        }
        std::sort(rows.begin(), rows.end());
        REQUIRE(rows == wanted);
    }
}

TEST_CASE("energy_pipeline: rows never come without the snapshot that covers them", "[pipeline][energy_pipeline]")
{
    auto const records = an_hour(3);
    pipeline::energy_pipeline p{plant()};
    std::int64_t last = 0;
    auto snapshots = 0;
    for (journal_play play{records}; !play.done();) {
        auto const b = play.next();
        auto const out = p.on_commit(b, time_at(play.now), false);
        if (!out.rows.empty())
            REQUIRE_FALSE(out.snapshot.empty());
        if (out.snapshot.empty())
            continue;
        ++snapshots;
        if (out.rows.empty() && last != 0)
            REQUIRE(play.now - last >= 60'000);
        last = play.now;
    }
    CHECK(snapshots >= 50);
    CHECK(snapshots <= 90);
}

TEST_CASE("energy_pipeline: the clock closes a window when nothing arrives any more", "[pipeline][energy_pipeline]")
{
    pipeline::energy_pipeline p{plant()};
    record r;
    r.data = {layout_of("grid"), time_at(50'000), {cell_of(40e3), cell_of(1e6), cell_of(0.0)}, {}};
    CHECK(p.on_commit({r}, time_at(50'500), false).rows.empty());
    auto const due = minute_ms + 15'000 + pipeline::energy_pipeline::commit_grace.count();
    CHECK(p.on_commit({}, time_at(due - 1), false).rows.empty());
    auto const out = p.on_commit({}, time_at(due), false);
    REQUIRE(out.rows.size() == 2);
    CHECK(out.rows[0].layout->kind == stream::window_1m);
    CHECK(out.rows[1].layout->kind == stream::kpi_1m);
    CHECK(out.rows[1].layout->device == aggregate::site);
    CHECK_FALSE(out.snapshot.empty());
    CHECK(p.on_commit({}, time_at(due + 500), false).snapshot.empty());
}

TEST_CASE("energy_pipeline: its own rows coming back change nothing", "[pipeline][energy_pipeline]")
{
    pipeline::energy_pipeline p{plant()};
    record r;
    r.data = {layout_of("grid", stream::window_1m), time_at(0), {cell_of(1.0), cell_of(2.0), cell_of(3.0)}, {}};
    CHECK(p.on_commit({r}, time_at(0), false).snapshot.empty());
    CHECK(p.on_commit({}, time_at(10 * minute_ms), false).rows.empty());
}

TEST_CASE("energy_pipeline: a snapshot from before there were alarms is taken over", "[pipeline][energy_pipeline]")
{
    auto const records = an_hour(4);
    batch const first{records.begin(), records.begin() + 900};
    batch const rest{records.begin() + 900, records.end()};
    energy::energy_stage before{plant()};
    for (auto const& r : first)
        before.fold(r.data);
    pipeline::energy_pipeline p{plant(), alarms()};
    REQUIRE(p.restore(before.snapshot()));
    auto const closed = p.on_commit(rest, time_at(80 * minute_ms), false).rows;
    for (auto const& r : rest)
        before.fold(r.data);
    auto const expected = before.advance(rest.back().data.time);
    REQUIRE(closed.size() > expected.size()); // events of alarms come on top
    for (std::size_t i = 0; i < expected.size(); ++i)
        REQUIRE(text_of(closed[i]) == text_of(expected[i]));
}

TEST_CASE("energy_pipeline: an alarm that is not configured any more is ended with the first commit",
          "[pipeline][energy_pipeline]")
{
    pipeline::energy_pipeline before{plant(), alarms()};
    record r;
    r.data = {layout_of("mill"), time_at(0), {cell_of(50e3), cell_of(1e6), cell_of(0.0)}, {}};
    auto const raised = before.on_commit({r}, time_at(500), false);
    REQUIRE(raised.rows.size() == 1);
    REQUIRE_FALSE(raised.snapshot.empty()); // an event is told once
    pipeline::energy_pipeline after{plant()};
    REQUIRE(after.restore(raised.snapshot));
    auto const ended = after.on_commit({}, time_at(1'000), false);
    REQUIRE(ended.rows.size() == 1);
    CHECK(text_of(ended.rows[0]).find("alarm_cleared mill-power") != std::string::npos);
    CHECK_FALSE(ended.snapshot.empty());
}

TEST_CASE("energy_pipeline: no snapshot is a beginning, a strange one is refused", "[pipeline][energy_pipeline]")
{
    pipeline::energy_pipeline p{plant()};
    CHECK(p.restore(""));
    CHECK_FALSE(p.restore("strange"));
}
