#include "agent/energy/energy_stage.hpp"

#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

double number_at(std::vector<row> const& rows, stream kind, std::int64_t ms, std::string_view name)
{
    auto const f = figure_at(rows, kind, ms, name);
    INFO(name);
    REQUIRE(f.has_value());
    CHECK(severity_of(f->q) == severity::good);
    return f->value;
}

} // namespace

TEST_CASE("energy_stage: one minute of a device becomes a row of its stream", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    auto const rows = run(s, 0, 3 * minute_ms);
    auto const* w = window(rows, "roof", stream::window_1m, minute_ms);
    REQUIRE(w != nullptr);
    CHECK(w->time.utc == time_at(2 * minute_ms).utc);
    CHECK(w->time.mono == time_at(2 * minute_ms).mono);
    std::vector<std::string> names;
    for (auto const& c : w->layout->columns)
        names.push_back(c.name);
    CHECK(names == std::vector<std::string>{"start",
                                            "end",
                                            "revision",
                                            "active_power.mean",
                                            "active_power.min",
                                            "active_power.max",
                                            "active_power.last",
                                            "active_power.coverage",
                                            "dc_power.mean",
                                            "dc_power.min",
                                            "dc_power.max",
                                            "dc_power.last",
                                            "dc_power.coverage",
                                            "available.mean",
                                            "available.min",
                                            "available.max",
                                            "available.last",
                                            "available.coverage",
                                            "active_energy.delta",
                                            "active_energy.coverage",
                                            "active_energy.method",
                                            "dc_energy.delta",
                                            "dc_energy.coverage",
                                            "dc_energy.method"});
    CHECK(w->layout->columns[3].unit == "W");
    CHECK(w->layout->columns[18].unit == "Wh");
    auto const cell_at = [&](std::string_view c) { return look(rows, "roof", stream::window_1m, minute_ms, c)->value; };
    CHECK(cell_at("end") == static_cast<double>(t0 + 2 * minute_ms));
    CHECK(cell_at("revision") == 0);
    CHECK(cell_at("active_power.mean") == 120e3);
    CHECK(cell_at("active_energy.delta") == Approx(2000));
    CHECK(cell_at("active_energy.method") == 0);
    CHECK(cell_at("dc_energy.delta") == Approx(125e3 / 60)); // no such counter: the integral of its power
    CHECK(cell_at("dc_energy.method") == 1);
    CHECK(look(rows, "drive", stream::window_1m, minute_ms, "shaft_power.mean")->value == Approx(0.8 * 132e3));
}

TEST_CASE("energy_stage: a window closes close_delay after its end, not before", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    for (std::int64_t ms = 0; ms <= 70 * second; ms += 10 * second)
        for (auto const& r : small_feed{}.at(ms))
            s.fold(r);
    CHECK(s.advance(time_at(75 * second - 1)).empty());
    auto const rows = s.advance(time_at(75 * second));
    CHECK(window(rows, "roof", stream::window_1m, 0) != nullptr);
    CHECK(window(rows, "site", stream::kpi_1m, 0) != nullptr);
    CHECK(s.advance(time_at(76 * second)).empty());
}

TEST_CASE("energy_stage: how long the agent runs is no time that passed since the run before", "[energy][energy_stage]")
{
    auto const mean_kw = [](std::uint32_t second_boot) {
        source const roof{"roof", {"active_power"}};
        auto const read = [&](energy_stage& s, std::int64_t mono, std::int64_t wall, double watt, std::uint32_t boot) {
            auto r = roof.at(wall, {watt});
            r.time.mono = mono_time{milliseconds{mono}};
            s.fold(r, boot);
        };
        energy_stage before{small_plant()};
        for (std::int64_t ms = 0; ms <= 70 * second; ms += 10 * second)
            read(before, ms, ms, 120e3, 1);
        energy_stage after{small_plant()};
        REQUIRE(after.restore(before.snapshot()));
        read(after, 300 * second, 65 * second, 240e3, second_boot); // the clock was set back meanwhile
        read(after, 325 * second, 90 * second, 240e3, second_boot);
        auto const rows = after.advance(time_at(150 * second));
        return look(rows, "roof", stream::window_1m, minute_ms, "active_power.mean")->value / 1000;
    };
    CHECK(mean_kw(1) == Approx((120.0 * (10 + 30) + 240.0 * 55) / 95));
    CHECK(mean_kw(2) == Approx((120.0 * 10 + 240.0 * 55) / 65));
}

TEST_CASE("energy_stage: figures of a minute and of a quarter of an hour", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    auto const rows = run(s, 0, 31 * minute_ms);
    for (auto const kind : {stream::kpi_1m, stream::kpi_15m}) {
        auto const at = quarter_ms; // the first minute begins before the first reading of the grid
        auto const hours = kind == stream::kpi_1m ? 1.0 / 60 : 0.25;
        auto const number = [&](std::string_view name) { return number_at(rows, kind, at, name); };
        CHECK(number("pv.p") == Approx(120));
        CHECK(number("pv.e") == Approx(120 * hours));
        CHECK(number("pv.e_dc") == Approx(125 * hours));
        CHECK(number("pv.eta_inv") == Approx(96));
        CHECK(number("pv.h_poa") == Approx(0.5 * hours));
        CHECK(number("grid.e_imp") == Approx(40 * hours));
        CHECK(number("grid.e_exp") == Approx(0).margin(1e-9));
        CHECK(number("load.p") == Approx(160));
        CHECK(number("site.e_load") == Approx(160 * hours));
        CHECK(number("site.unmetered") == Approx(60 * hours));
        CHECK(number("site.e_key") == Approx(100 * hours)); // the drive is behind the mill's meter
        CHECK(number("pv.self_consumption") == Approx(100));
        CHECK(number("site.autarky") == Approx(75));
        CHECK(number("site.pv_first") == Approx(100));
        CHECK(number("motor.p_shaft") == Approx(0.8 * 132));
        CHECK(number("motor.eta") == Approx(100 * 0.8 * 132 / 110));
        CHECK(number("motor.lf") == Approx(80));
        CHECK(number("device_drive.lf") == Approx(80));
        CHECK(number("mill.e") == Approx(100 * hours));
        CHECK(number("tce.total") == Approx(40 * 0.1229 * hours));
        CHECK(number("co2.total") == Approx(40 * 0.5366 * hours));
        CHECK_FALSE(figure_at(rows, kind, at, "bat.p").has_value());
        CHECK_FALSE(figure_at(rows, kind, at, "tce.unit").has_value());
        CHECK(figure_at(rows, kind, at, "pv.e.coverage")->value == 1.0);
    }
    CHECK(number_at(rows, stream::kpi_15m, quarter_ms, "pv.pr") == Approx(120 * 0.25 / (300 * 0.125)));
    CHECK_FALSE(figure_at(rows, stream::kpi_1m, quarter_ms, "pv.pr").has_value());
}

TEST_CASE("energy_stage: of two readings of one moment the first counts, and an hour's are one event",
          "[energy][energy_stage]")
{
    auto const run_with = [](bool twice) {
        energy_stage s{small_plant()};
        small_feed const feed;
        std::vector<row> rows;
        for (std::int64_t ms = 0; ms < 90 * minute_ms; ms += 10 * second) {
            for (auto const& r : feed.at(ms)) {
                s.fold(r);
                s.fold(r); // the same again is no conflict
            }
            if (twice && ms % (5 * minute_ms) == 0)
                s.fold(feed.mill.at(ms + 2, {70e3, 9e9}));
            for (auto& r : s.advance(time_at(ms + 500)))
                rows.push_back(std::move(r));
            auto const bytes = s.snapshot(); // what was told is part of it
            REQUIRE(s.restore(bytes));
        }
        return rows;
    };
    std::vector<std::string> told;
    auto rows = run_with(true);
    std::erase_if(rows, [&](row const& r) {
        if (r.layout->kind == stream::event && r.texts.at(0) == "reading_conflict")
            told.push_back(r.texts.at(2));
        return r.layout->kind == stream::event;
    });
    auto wanted = run_with(false);
    std::erase_if(wanted, [](row const& r) { return r.layout->kind == stream::event; });
    REQUIRE(rows.size() == wanted.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        CHECK(rows[i].cells == wanted[i].cells);
    REQUIRE(told.size() == 2);
    CHECK(told[0].find("mill.active_energy_import is 9000000000 too") == 0);
    CHECK(told[1].find("; 26 such readings so far") != std::string::npos);
}

TEST_CASE("energy_stage: minutes add up to their quarter", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    auto const rows = run(s, 0, 31 * minute_ms, 7 * second);
    for (auto const* column : {"active_energy_import.delta", "active_energy_export.delta"}) {
        auto sum = 0.0;
        for (auto ms = quarter_ms; ms < 2 * quarter_ms; ms += minute_ms)
            sum += look(rows, "grid", stream::window_1m, ms, column)->value;
        CHECK(look(rows, "grid", stream::window_15m, quarter_ms, column)->value == Approx(sum).epsilon(1e-9));
    }
    auto mean = 0.0;
    for (auto ms = quarter_ms; ms < 2 * quarter_ms; ms += minute_ms)
        mean += look(rows, "roof", stream::window_1m, ms, "active_power.mean")->value / 15;
    CHECK(look(rows, "roof", stream::window_15m, quarter_ms, "active_power.mean")->value == Approx(mean));
}

TEST_CASE("energy_stage: rows come oldest first, minutes before the quarter they end", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    auto const rows = run(s, 0, 33 * minute_ms);
    auto const in_order =
        std::is_sorted(rows.begin(), rows.end(), [](row const& a, row const& b) { return a.time.utc < b.time.utc; });
    CHECK(in_order);
    auto const quarter_at =
        std::find_if(rows.begin(), rows.end(), [](row const& r) { return r.layout->kind == stream::kpi_15m; });
    REQUIRE(quarter_at != rows.end());
    CHECK(std::count_if(rows.begin(), quarter_at, [](row const& r) { return r.layout->kind == stream::kpi_1m; }) == 15);
}

TEST_CASE("energy_stage: how often it is advanced does not matter", "[energy][energy_stage]")
{
    energy_stage often{small_plant()};
    auto const a = run(often, 0, 40 * minute_ms);
    energy_stage once{small_plant()};
    for (std::int64_t ms = 0; ms < 40 * minute_ms; ms += 10 * second)
        for (auto const& r : small_feed{}.at(ms))
            once.fold(r);
    CHECK(texts_of(once.advance(time_at(40 * minute_ms - 10 * second + 500))) == texts_of(a));
}

TEST_CASE("energy_stage: a device that falls silent takes its figures along", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    auto rows = run(s, 0, 5 * minute_ms);
    small_feed const feed;
    for (auto ms = 5 * minute_ms; ms < 9 * minute_ms; ms += 10 * second) {
        auto readings = feed.at(ms);
        readings[1] = feed.grid.at(ms + 1, {no_number, no_number, no_number});
        for (auto const& r : readings)
            s.fold(r);
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const figure = [&](std::string_view name) { return *figure_at(rows, stream::kpi_1m, 7 * minute_ms, name); };
    CHECK(std::isnan(figure("grid.p").value));
    CHECK(figure("grid.p").q == quality::timeout);
    CHECK(std::isnan(figure("site.e_load").value));
    CHECK(severity_of(figure("site.autarky").q) == severity::bad);
    CHECK(figure("pv.e").value == Approx(2));
    CHECK(window(rows, "grid", stream::window_1m, 7 * minute_ms) == nullptr); // nothing to say
}

TEST_CASE("energy_stage: an inverter that sleeps gives zero at night and nothing by day", "[energy][energy_stage]")
{
    for (auto const irradiance : {0.0, 600.0}) {
        energy_stage s{small_plant()};
        small_feed const feed;
        std::vector<row> rows;
        for (std::int64_t ms = 0; ms < 4 * minute_ms; ms += 10 * second) {
            s.fold(feed.weather.at(ms, {irradiance}));
            if (ms == 0)
                s.fold(feed.roof.at(ms, {5e3, 5.2e3, 9e6}));
            else
                s.fold(feed.roof.with(ms + 1, std::vector<cell>(3, absent(quality::asleep))));
            for (auto& r : s.advance(time_at(ms + 500)))
                rows.push_back(std::move(r));
        }
        auto const p = figure_at(rows, stream::kpi_1m, 2 * minute_ms, "pv.p");
        auto const e = figure_at(rows, stream::kpi_1m, 2 * minute_ms, "pv.e");
        REQUIRE(p.has_value());
        REQUIRE(e.has_value());
        if (irradiance == 0) {
            CHECK(p->value == 0);
            CHECK(p->q == quality::good);
            CHECK(e->value == 0);
            CHECK(figure_at(rows, stream::kpi_1m, 2 * minute_ms, "pv.eta_inv")->q == quality::denominator_low);
        } else {
            CHECK(p->q == quality::asleep);
            CHECK(e->q == quality::no_data);
        }
    }
}

TEST_CASE("energy_stage: a sensor's small negative number at night is no irradiance", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    small_feed const feed;
    for (std::int64_t ms = 0; ms < 2 * minute_ms; ms += 10 * second)
        s.fold(feed.weather.at(ms, {-3.0}));
    auto const rows = s.advance(time_at(3 * minute_ms));
    CHECK(look(rows, "weather", stream::window_1m, minute_ms, "irradiance.mean")->value == 0);
}

TEST_CASE("energy_stage: what happens to a counter is an event", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    source const grid{"grid", {"active_energy_import"}};
    s.fold(grid.at(0, {90e6}));
    s.fold(grid.at(10'000, {20.0}));
    s.fold(grid.at(20'000, {30.0}));
    auto const rows = s.advance(time_at(21'000));
    REQUIRE(rows.size() == 1);
    auto const& e = rows.front();
    CHECK(e.layout->kind == stream::event);
    CHECK(e.layout->device == aggregate::site);
    CHECK(e.time == time_at(20'000));
    auto const texts = [&](std::size_t i) { return std::get<std::string>(scaled(e, i)); };
    CHECK(e.layout->columns.at(0).name == aggregate::event_kind);
    CHECK(texts(0) == "counter_reset");
    CHECK(texts(1) == "grid");
    CHECK(scaled_number(e, 2) == 1);
    CHECK(texts(3) == "grid.active_energy_import fell from 90000000 to 20 and counts from zero; 20 since then is kept");
}

TEST_CASE("energy_stage: a modulus of the model makes a rollover of a fall", "[energy][energy_stage]")
{
    plant_model m;
    m.devices = {device("mill", role::load)};
    m.devices[0].modulus["active_energy_import"] = 32'768e3; // Wh
    energy_stage s{m};
    source const mill{"mill", {"active_energy_import"}};
    s.fold(mill.at(0, {32'767e3}));
    s.fold(mill.at(10'000, {1e3}));
    s.fold(mill.at(20'000, {1e3}));
    s.fold(mill.at(60'000, {2e3}));
    auto const rows = s.advance(time_at(80'000));
    CHECK(look(rows, "mill", stream::window_1m, 0, "active_energy_import.delta")->value == Approx(3e3));
    CHECK(std::count_if(rows.begin(), rows.end(), [](row const& r) { return r.layout->kind == stream::event; }) == 1);
}

TEST_CASE("energy_stage: a full 32-bit register that falls ran over", "[energy][energy_stage]")
{
    plant_model m;
    m.devices = {device("mill", role::load)};
    energy_stage s{m};
    auto l = std::make_shared<layout>();
    l->device = "mill";
    column c;
    c.name = "active_energy_import";
    c.unit = "Wh";
    c.kind = value_kind::u64;
    c.scale = 10;
    l->columns = {c};
    std::int64_t ms = 0;
    for (std::uint64_t const raw : {4'294'967'290u, 15u, 20u, 30u, 40u, 50u, 60u}) {
        s.fold({l, time_at(ms), {cell_of(raw)}, {}});
        ms += 10 * second;
    }
    auto const rows = s.advance(time_at(90'000));
    auto const w = look(rows, "mill", stream::window_1m, 0, "active_energy_import.delta");
    REQUIRE(w.has_value());
    CHECK(w->value == 660); // 66 steps
}

TEST_CASE("energy_stage: rows that are not readings, not of the plant or not whole are ignored",
          "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    source const stranger{"stranger", {"active_power"}};
    s.fold(stranger.at(0, {1.0}));
    auto broken = small_feed{}.at(0).front();
    broken.cells.pop_back();
    s.fold(broken);
    s.fold(row{});
    auto derived = small_feed{}.at(0).front();
    auto l = *derived.layout;
    l.kind = stream::window_1m;
    derived.layout = std::make_shared<layout const>(l);
    s.fold(derived);
    auto early = small_feed{}.at(0).front();
    early.time.utc = utc_time{milliseconds{-5}};
    s.fold(early);
    CHECK(s.advance(time_at(10 * minute_ms)).empty());
}

TEST_CASE("energy_stage: rows that nobody fetches are lost from the oldest on, counted and told",
          "[energy][energy_stage]")
{
    auto const fold_hours = [](bool fetched) {
        energy_stage s{small_plant()};
        std::vector<row> rows;
        for (std::int64_t ms = 0; ms < 400 * 60 * minute_ms; ms += minute_ms) {
            for (auto const& r : small_feed{}.at(ms))
                s.fold(r);
            if (fetched)
                for (auto& r : s.advance(time_at(ms)))
                    rows.push_back(std::move(r));
        }
        for (auto& r : s.advance(time_at(401 * 60 * minute_ms)))
            rows.push_back(std::move(r));
        return rows;
    };
    auto const all = fold_hours(true);
    REQUIRE(all.size() > 110'000);
    auto const some = fold_hours(false);
    CHECK(some.size() <= 100'001);
    auto const& last = some.back();
    CHECK(last.texts.at(0) == "figures_lost");
    CHECK(last.texts.at(2).find(std::to_string(all.size() + 1 - some.size()) + " windows, figures and events") == 0);
    CHECK(some.front().cells == all[all.size() + 1 - some.size()].cells);
}

TEST_CASE("energy_stage: a clock that starts in 1970 and is set later costs no time and no energy",
          "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    small_feed const feed;
    for (auto ms = -t0; ms < -t0 + 3 * minute_ms; ms += 10 * second)
        for (auto const& r : feed.at(ms))
            s.fold(r);
    auto const rows = run(s, 0, 3 * minute_ms);
    auto const delta = std::string{"active_energy_import.delta"};
    auto const w = look(rows, "grid", stream::window_1m, -minute_ms, delta); // still open when the clock was set
    REQUIRE(w.has_value());
    CHECK(w->q == quality::gap_energy);
    CHECK(w->value == Approx(40e3 * static_cast<double>(t0 - 120 * second) / 3.6e6).epsilon(1e-6));
    CHECK(look(rows, "grid", stream::window_1m, 0, delta)->q == quality::interpolated);
    CHECK(look(rows, "grid", stream::window_1m, minute_ms, "active_energy_import.delta")->q == quality::good);
    CHECK(rows.size() < 100);
}
