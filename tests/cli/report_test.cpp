#include "agent/energy/aggregate_row.hpp"
#include "agent/journal/journal.hpp"
#include "tests/cli/typed_commands.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::cli;

namespace {

constexpr std::int64_t may_3 = 1'777'737'600'000; ///< 2026-05-03, 00:00 in Shanghai

/// A site whose agent stored one day and does not run.
class office : public typed_commands {
public:
    office() : typed_commands{{add_report}}
    {
        folder_.write("site.toml", test::read_text_file(KILNWATT_SOURCE_DIR "/config/examples/savings/site.toml"));
    }

    void store_a_day()
    {
        energy::quantity sun;
        sun.value = 2800;
        sun.covered = {24 * energy::hour};
        energy::aggregate_rows rows{"site", stream::kpi_day};
        auto r =
            rows.make({energy::total("pv.e", "kWh", sun), energy::total("grid.e_imp", "kWh", sun)},
                      {may_3, may_3 + 24 * energy::hour}, {mono_time{}, utc_time{milliseconds{may_3 + 86'400'000}}});
        std::string why;
        auto j = journal::journal::open({.path = folder_.file("savings.db")}, plant_clock{}, why);
        INFO(why);
        REQUIRE(j.has_value());
        (*j)->start();
        REQUIRE((*j)->append(std::move(r)));
        (*j)->stop();
    }

    exit_code run(std::string const& line) { return typed_commands::run(line + " -c " + folder_.file("site.toml")); }

private:
    test::scratch_folder folder_;
};

} // namespace

TEST_CASE("report: a pipe gets tabs, and each format what its programs read", "[cli][report]")
{
    office o;
    o.store_a_day();
    REQUIRE(o.run("report day --date 2026-05-03") == exit_code::ok);
    CHECK(o.out.str().rfind("section\tname\tvalue\tunit\tquality\tcoverage\tmethod\tsource\n"
                            "figure\tpv.e\t2800\tkWh\tgood\t1\tcounter\t\n",
                            0) == 0);
    REQUIRE(o.run("report day --csv") == exit_code::ok);
    CHECK(o.out.str().find("figure,pv.e,2800,kWh,good,1,counter,\r\n") != std::string::npos);
    CHECK(o.out.str().find("\"national average 2022: MEE and NBS, announcement") != std::string::npos);
    REQUIRE(o.run("report day --json") == exit_code::ok);
    CHECK(o.out.str().find(R"({"section":"figure","name":"pv.e","value":2.8E3,"unit":"kWh","quality":"good")") == 0);
    REQUIRE(o.run("report day --html --lang zh") == exit_code::ok);
    CHECK(o.out.str().rfind("<!DOCTYPE html>\n<html lang=\"zh\"", 0) == 0);
    CHECK(o.run("report day --csv --json") == exit_code::usage);
    CHECK(o.run("report day --html --lang fr") == exit_code::usage);
}

TEST_CASE("report: what cannot be reported is one sentence with a remedy", "[cli][report]")
{
    office o;
    CHECK(o.run("report day") == exit_code::failure);
    CHECK(o.err.str().find("yet; `kilnwatt run` makes it") != std::string::npos);
    o.store_a_day();
    CHECK(o.run("report day --date 2026-05-04") == exit_code::failure);
    CHECK(o.err.str() == "report: nothing is stored of 2026-05-04; the journal has 2026-05-03 to 2026-05-03\n");
    CHECK(o.run("report month") == exit_code::failure);
    CHECK(o.err.str() == "report: no month is stored yet: a month is stored when it is over\n");
    CHECK(o.run("report day --production-day") == exit_code::bad_config);
    CHECK(o.err.str().find("give [site] production_day") != std::string::npos);
}
