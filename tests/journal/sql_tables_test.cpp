#include "agent/journal/error.hpp"
#include "agent/journal/sql_tables.hpp"
#include "agent/journal/sqlite.hpp"
#include "core/event_row.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace journal_test;

namespace {

constexpr std::int64_t start_ms = 1'773'532'800'000; // 2026-03-15T00:00:00Z

column real(std::string name, std::string unit = "")
{
    auto c = col(std::move(name), value_kind::f64);
    c.unit = std::move(unit);
    return c;
}

column method(std::string name)
{
    auto c = col(std::move(name));
    c.states = {{0, "counter"}, {1, "integral"}};
    return c;
}

record aggregate_record(std::string device, stream s, std::vector<column> columns, std::vector<cell> cells,
                        std::int64_t revision = 0)
{
    layout l{std::move(device), s, "energy", {col("start"), col("end"), col("revision")}};
    l.columns.insert(l.columns.end(), columns.begin(), columns.end());
    row r{std::make_shared<layout const>(std::move(l)), {}, {}, {}};
    r.cells = {cell_of(start_ms), cell_of(start_ms + 900'000), cell_of(revision)};
    r.cells.insert(r.cells.end(), cells.begin(), cells.end());
    return {1, 1, 1, std::move(r)};
}

record window(double mean, std::int64_t revision = 0)
{
    return aggregate_record("mill", stream::window_15m,
                            {real("active_power.mean", "W"), real("active_power.min", "W"),
                             real("active_power.max", "W"), real("active_power.last", "W"),
                             real("active_power.coverage"), real("active_energy_import.delta", "Wh"),
                             real("active_energy_import.coverage"), method("active_energy_import.method")},
                            {cell_of(mean), cell_of(1.0), cell_of(9.0), cell_of(4.0), cell_of(0.5),
                             absent(quality::no_data), cell_of(0.0), cell_of(std::int64_t{1})},
                            revision);
}

record kpi(double value)
{
    return aggregate_record(
        "site", stream::kpi_day,
        {real("grid.e_imp", "kWh"), real("grid.e_imp.coverage"), method("grid.e_imp.method"),
         real("grid.e_imp.partial", "kWh"), col("grid.e_imp.at")},
        {cell_of(value), cell_of(1.0), cell_of(std::int64_t{0}), cell_of(value), cell_of(start_ms)});
}

/// What the sqlite3 shell prints.
std::string query(std::string const& file, std::string const& columns, std::string const& view)
{
    journal::database db{file, journal::database::mode::read_only};
    return db.text("SELECT group_concat(line, char(10)) FROM (SELECT concat_line AS line FROM (SELECT " + columns +
                   " AS concat_line FROM " + view + "))");
}

} // namespace

TEST_CASE("sql_tables: windows, figures and events stand in views that plain SQL reads", "[journal][sql]")
{
    temporary_folder const folder;
    auto const file = folder.path("figures.db");
    std::string why;
    {
        auto t = journal::sql_tables::open(file, "abcdefgh", why);
        INFO(why);
        REQUIRE(t.has_value());
        CHECK(t->next() == 1);
        REQUIRE(t->add(window(5.5)).has_value());
        REQUIRE(t->add(kpi(12.25)).has_value());
        record const e{3, 7, 1,
                       event_row("device_state", "mill", event_severity::warning, "offline",
                                 {{}, utc_time{milliseconds{start_ms + 123}}})};
        REQUIRE(t->add(e).has_value());
        REQUIRE(t->add({4, 1, 1, simple_row(simple_layout("mill"), 1, {1, 2, 3})}).has_value()); // readings: ignored
        REQUIRE(t->commit(5).has_value());
    }
    auto const join = [](std::vector<std::string> const& names) {
        std::string all;
        for (auto const& n : names)
            all += (all.empty() ? "" : " || '|' || ") + ("ifnull(" + n + ", '-')");
        return all;
    };
    CHECK(query(file,
                join({"device", "point", "period", "start", "\"end\"", "mean", "min", "max", "last", "delta", "unit",
                      "coverage", "method", "quality", "revision"}),
                "windows ORDER BY point DESC") ==
          "mill|active_power|PT15M|2026-03-15T00:00:00Z|2026-03-15T00:15:00Z|5.5|1.0|9.0|4.0|-|W|0.5|-|good|0\n"
          "mill|active_energy_import|PT15M|2026-03-15T00:00:00Z|2026-03-15T00:15:00Z|-|-|-|-|-|Wh|0.0|integral|"
          "bad:no_data|0");
    CHECK(query(file, join({"metric", "period", "start", "value", "partial", "unit", "method", "quality", "at"}),
                "kpis") == "grid.e_imp|P1D|2026-03-15T00:00:00Z|12.25|12.25|kWh|counter|good|2026-03-15T00:00:00Z");
    CHECK(query(file, join({"time", "severity", "kind", "subject", "message", "seq"}), "events") ==
          "2026-03-15T00:00:00.123Z|warning|device_state|mill|offline|7");
}

TEST_CASE("sql_tables: goes on where it was, and of a window the highest revision stays", "[journal][sql]")
{
    temporary_folder const folder;
    auto const file = folder.path("figures.db");
    std::string why;
    {
        auto t = journal::sql_tables::open(file, "abcdefgh", why);
        REQUIRE(t->add(window(1, 0)).has_value());
        REQUIRE(t->commit(2).has_value());
        REQUIRE(t->add(window(9, 9)).has_value()); // never committed
    }
    {
        auto t = journal::sql_tables::open(file, "abcdefgh", why);
        CHECK(t->next() == 2);
        REQUIRE(t->add(window(3, 2)).has_value());
        REQUIRE(t->add(window(2, 1)).has_value()); // late
        REQUIRE(t->commit(4).has_value());
    }
    CHECK(query(file, "mean || ' of ' || revision", "windows WHERE point = 'active_power'") == "3.0 of 2");
}

TEST_CASE("sql_tables: a file of another journal or program is refused", "[journal][sql]")
{
    temporary_folder const folder;
    std::string why;
    REQUIRE(journal::sql_tables::open(folder.path("figures.db"), "abcdefgh", why).has_value());
    CHECK(journal::sql_tables::open(folder.path("figures.db"), "hgfedcba", why).has_error());
    CHECK(why.find("holds figures of another journal (epoch abcdefgh, this one is hgfedcba)") != std::string::npos);
    journal::database{folder.path("other.db"), journal::database::mode::read_write}.exec("CREATE TABLE theirs(x)");
    CHECK(journal::sql_tables::open(folder.path("other.db"), "abcdefgh", why).has_error());
    CHECK(why.find("is another program's file") != std::string::npos);
    CHECK(journal::sql_tables::open(folder.path("absent/figures.db"), "abcdefgh", why).has_error());
    CHECK(why.find("cannot write") != std::string::npos);
}
