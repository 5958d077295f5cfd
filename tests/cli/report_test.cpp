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
    office() : typed_commands{{add_report, add_import}}
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

    void write(std::string const& name, std::string const& text) { folder_.write(name, text); }
    std::string file(std::string const& name) const { return folder_.file(name); }

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
    CHECK(o.out.str().rfind("section\tname\tvalue\tunit\tquality\tcoverage\tmethod\tsource\tat\n"
                            "period\tstart\t\t\t\t\tday 2026-05-03\t\t2026-05-02T16:00:00Z\n"
                            "period\tend\t\t\t\t\tday 2026-05-03\t\t2026-05-03T16:00:00Z\n"
                            "figure\tpv.e\t2800\tkWh\tgood\t1\tcounter\t\t\n",
                            0) == 0);
    REQUIRE(o.run("report day --csv") == exit_code::ok);
    CHECK(o.out.str().find("figure,pv.e,2800,kWh,good,1,counter,,\r\n") != std::string::npos);
    CHECK(o.out.str().find("\"national average 2022: MEE and NBS, announcement") != std::string::npos);
    REQUIRE(o.run("report day --json") == exit_code::ok);
    CHECK(o.out.str().find(R"({"section":"figure","name":"pv.e","value":2.8E3,"unit":"kWh","quality":"good")") !=
          std::string::npos);
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

TEST_CASE("report: years before the installation are made of what was imported (G-CUM-1)", "[cli][report][target]")
{
    office o;
    o.store_a_day();
    REQUIRE(o.run("import " KILNWATT_SOURCE_DIR "/config/examples/savings/base_years.csv") == exit_code::ok);
    auto const says = [&](std::string const& line) {
        INFO(o.out.str());
        CHECK(o.out.str().find(line) != std::string::npos);
    };
    REQUIRE(o.run("report year --date 2023 --base 2020 --csv") == exit_code::ok);
    says("electricity 4045728.23 kWh (electricity bills 2023, Li Wei)");
    says("figure,tce.unit,122.58,kgce/t,good:manual_value,1,entered,");
    says("at 0.1229 kgce/kWh (GB/T 2589-2020)");
    says("entered,production 2023,10000,t,good:manual_value,,revision 0,MES export 2023 (Chen Jie)");
    says("target,energy_per_tonne.base,200,kgce/t,good:manual_value,,tce.unit in 2020,");
    says("(electricity bills 2020, Li Wei)");
    says("target,energy_per_tonne.years,3,,");
    says("target,energy_per_tonne.cagr,15.05655"); // 15.0566 %/a
    says("reduction,years,3,,");
    says("reduction,kpi.cum_reduction,38.71");
    says("reduction,kpi.cagr,15.05655");
    says("reduction,util.material,19.87997"); // 10844.18 t are 19.88 % less a tonne
    says("reduction,util.opex,-24.35");

    REQUIRE(o.run("report year --date 2023 --base 2021 --csv") == exit_code::ok);
    says("reduction,base,200,kgce/t,,,2021,");
    says("reduction,years,2,,");
    says("reduction,kpi.cagr,21.71206"); // 21.7121 %/a
    REQUIRE(o.run("report year --date 2023 --base 2020 --html") == exit_code::ok);
    says("N = 3");
    says("electricity bills 2020");
    CHECK(o.run("report year --date 2019 --base 2020") == exit_code::failure);
}

TEST_CASE("report: a month goes against the same month of a base year", "[cli][report]")
{
    office o;
    o.store_a_day();
    o.write("months.csv", "period,item,value,unit,source,author\n"
                          "2020-05,electricity,1627339.3,kWh,bill,Li\n2020-05,production,1000,t,MES,Li\n"
                          "2020-05,operating_cost,200000,CNY,ledger,Li\n"
                          "2023-05,electricity,813669.65,kWh,bill,Li\n2023-05,production,1000,t,MES,Li\n"
                          "2023-05,operating_cost,150000,CNY,ledger,Li\n");
    REQUIRE(o.run("import " + o.file("months.csv")) == exit_code::ok);
    REQUIRE(o.run("report month --date 2023-05 --base 2020 --csv") == exit_code::ok);
    for (auto const* line : {"reduction,base,200", "kgce/t,,,2020-05,", "reduction,kpi.cum_reduction,50,%",
                             "reduction,util.energy,100", "reduction,util.opex,-25,%"}) {
        INFO(line << " in\n" << o.out.str());
        CHECK(o.out.str().find(line) != std::string::npos);
    }
    CHECK(o.run("report month --date 2023-05 --base 2021") == exit_code::failure);
    CHECK(o.err.str() ==
          "report: 2021-05: no energy is stored or entered for that month; enter it with `kilnwatt import`\n");
}

TEST_CASE("report: a base that nobody imported is named, and no progress is claimed", "[cli][report][target]")
{
    office o;
    o.store_a_day();
    o.write("half.csv", "period,item,value,unit,source,author\n2020-01,electricity,10,MWh,bill,Li\n"
                        "2020,production,10,t,MES,Li\n2023,electricity,10,MWh,bill,Li\n2023,production,9,t,MES,Li\n");
    REQUIRE(o.run("import " + o.file("half.csv")) == exit_code::ok);
    REQUIRE(o.run("report year --date 2023 --csv") == exit_code::ok);
    CHECK(o.out.str().find("2020: electricity is entered for a part of it only") != std::string::npos);
    CHECK(o.out.str().find("energy_per_tonne.progress") == std::string::npos);
    CHECK(o.run("report year --date 2023 --base 2020") == exit_code::failure);
    CHECK(o.err.str() == "report: 2020: electricity is entered for a part of it only, or in several units\n");
}
