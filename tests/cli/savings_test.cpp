#include "agent/cli/savings_periods.hpp"
#include "agent/cli/time_argument.hpp"
#include "agent/energy/aggregate_row.hpp"
#include "agent/journal/journal.hpp"
#include "tests/cli/typed_commands.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>

using namespace kilnwatt;
using namespace kilnwatt::cli;

namespace {

/// Commands as a person types them, on a site of its own whose agent does not run.
class desk : public typed_commands {
public:
    desk() : typed_commands{{add_import, add_production, add_baseline, add_savings, add_report, add_meter}}
    {
        folder_.write("site.toml", test::read_text_file(examples + "site.toml"));
    }

    exit_code run(std::string const& line) { return typed_commands::run(line + " -c " + folder_.file("site.toml")); }

    bool says(std::string const& text) const { return out.str().find(text) != std::string::npos; }

    test::scratch_folder const& folder() const { return folder_; }

    static inline std::string const examples = KILNWATT_SOURCE_DIR "/config/examples/savings/";

private:
    test::scratch_folder folder_;
};

constexpr auto pump_days = " --energy press_pump.e --driver production --from 2026-03-01 --to 2026-03-31";
constexpr auto pump_report = "savings report --baseline pump --from 2026-05-01 --to 2026-05-31";

} // namespace

TEST_CASE("savings: the 110 kW pump, from the table to the saving with its uncertainty (G-MV-1)", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    CHECK(d.says("36 new, 0 revised, 0 unchanged"));
    CHECK(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    CHECK(d.says("0 new, 0 revised, 36 unchanged"));

    REQUIRE(d.run(std::string{"baseline fit"} + pump_days) == exit_code::ok);
    for (auto const* figure : {"n = 12", "1470.5000", "414.670160", "31.361282", "t = 78.11", "0.6349 %", "0.998364"})
        CHECK(d.says(figure));
    REQUIRE(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);
    CHECK(d.run("baseline show pump") == exit_code::ok);
    CHECK(d.says("frozen 20"));

    REQUIRE(d.run(std::string{pump_report} + " --motor-before 93.3 --motor-after 97") == exit_code::ok);
    INFO(d.out.str());
    for (auto const* figure :
         {"1355.509", "1449.592", "1543.676", "1669.121", "1763.205", "1825.928", "9607.0321", "7685.6000",
          "1921.4321 kWh = 20.0003 %", "3.197 %", "t = 1.8125", "12.8913 %", "3.814 %", "83.17", "94.04"})
        CHECK(d.says(figure));

    SECTION("a frozen baseline stays as it is")
    {
        CHECK(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);
        CHECK(d.run("production add 2026-03-31 50 t --source book --author Li") == exit_code::ok);
        CHECK(d.run("baseline freeze --id pump --author Li --energy press_pump.e --driver production --from 2026-03-01 "
                    "--to 2026-05-31") == exit_code::not_proven);
        CHECK(d.run("baseline show pump") == exit_code::ok);
        CHECK(d.says("414.670160"));
    }
    SECTION("20 % at the old speed is not believed")
    {
        CHECK(d.run(std::string{pump_report} + " --speed 100") == exit_code::not_proven);
        CHECK(d.says("20.0 % without a change of speed cannot come from a motor"));
    }
    SECTION("the split says what the measured speed explains, or that none was given")
    {
        CHECK(d.run(std::string{pump_report} + " --motor-before 93.3 --motor-after 97") == exit_code::ok);
        CHECK(d.says("the mean speed was not given"));
        CHECK(d.run(std::string{pump_report} + " --motor-before 93.3 --motor-after 97 --speed 84") == exit_code::ok);
        CHECK(d.says("at the 84 % measured the speed alone saves 16.000 % (P ~ n) to 40.730 % (P ~ n^3)"));
    }
    SECTION("the baseline's own days prove nothing")
    {
        CHECK(d.run("savings report --baseline pump --from 2026-03-01 --to 2026-03-31") == exit_code::not_proven);
        CHECK(d.says("no savings are claimed:"));
        CHECK(d.says("overlaps the baseline"));
    }
    SECTION("an adjustment is part of the baseline and is named")
    {
        CHECK(d.run(std::string{pump_report} + " --adjust=-100:shift") == exit_code::ok);
        CHECK(d.says("9507.0321"));
        CHECK(d.says("adjustment  -100 kWh: shift"));
        CHECK(d.run(std::string{pump_report} + " --adjust=-100") == exit_code::usage);
    }
}

TEST_CASE("savings: reports of the month, a day and the year name what each baseline saved (G-MV-1)", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    REQUIRE(d.run("report month --date 2026-05 --csv") == exit_code::ok);
    CHECK_FALSE(d.says("mv.savings"));
    REQUIRE(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);

    REQUIRE(d.run("report month --date 2026-05 --csv") == exit_code::ok);
    INFO(d.out.str());
    CHECK(d.says("savings,pump.mv.savings,1921.43206,kWh,"));  // 1921.4321
    CHECK(d.says("savings,pump.mv.savings_pct,20.000267,%,")); // 20.0003
    CHECK(d.says("savings,pump.mv.uncertainty,3.1966409,%,")); // 3.197
    CHECK(d.says(",kWh,uncertain:low_coverage,0.1935"));
    CHECK(d.says(",model,\"baseline pump (2026-03-01 to 2026-03-12), 6 of 31 days\",\r\n"));
    CHECK(d.err.str().empty());

    REQUIRE(d.run("report day --date 2026-05-01 --csv") == exit_code::ok);
    CHECK(d.says("savings,pump.mv.savings,265.1"));
    CHECK(d.says(",kWh,good:manual_value,1,model,\"baseline pump (2026-03-01 to 2026-03-12), 1 of 1 days\""));

    for (auto const* refused : {"report month --date 2026-03 --json", "report year --date 2026 --json"}) {
        REQUIRE(d.run(refused) == exit_code::ok);
        CHECK(d.says(R"("name":"pump.mv.savings","value":null,"unit":"kWh")"));
        CHECK(d.says("overlaps the baseline (2026-03-01 to 2026-03-12)"));
    }
    REQUIRE(d.run("report month --date 2026-05 --html --lang zh") == exit_code::ok);
    CHECK(d.says("节能量 <code>mv.savings</code>"));
}

TEST_CASE("savings: programs get the claim, or its reasons, as JSON lines and CSV (G-MV-1)", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    REQUIRE(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);
    REQUIRE(d.run(std::string{pump_report} + " --csv --motor-before 93.3 --motor-after 97 --adjust=-100:shift") ==
            exit_code::ok);
    for (auto const* line : {"savings,pump.confidence,90,%,", "adjustment,adjustment,-100,kWh,,,,shift,\r\n",
                             "sum,actual,7685.6,kWh,", "motor,efficiency,3.81443", "sum,adjusted,9507.03206,kWh,"})
        CHECK(d.says(line));
    REQUIRE(d.run(std::string{pump_report} + " --json") == exit_code::ok);
    INFO(d.out.str());
    CHECK(d.out.str().rfind(R"({"section":"savings","name":"pump.mv.savings","value":1.9214320)", 0) == 0);
    CHECK(d.says(R"({"section":"period","name":"2026-05-01.adjusted","value":1.355508)"));
    CHECK(d.says(R"({"section":"not_savings","name":"mean_reduction","value":1.28913)"));
    CHECK(d.says("6 of 31 days"));

    CHECK(d.run(std::string{pump_report} + " --json --speed 100 --motor-before 93.3 --motor-after 97") ==
          exit_code::not_proven);
    CHECK(d.says(R"("name":"pump.mv.savings","value":null,"unit":"kWh")"));
    CHECK(d.says("20.0 % without a change of speed cannot come from a motor"));
    CHECK_FALSE(d.says(R"("section":"motor")"));
    CHECK(d.run(std::string{pump_report} + " --json --csv") == exit_code::usage);
    CHECK(d.run("savings report --baseline pump --from may --to 2026-05-31") == exit_code::usage);
}

TEST_CASE("savings: the flotation case, 45 % a tonne is 42.910 % of the energy", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "flotation.csv") == exit_code::ok);
    REQUIRE(d.run("baseline freeze --id flotation --author Li --energy flotation.e --driver flotation.ore --from "
                  "2026-03-01 --to 2026-03-31") == exit_code::ok);
    REQUIRE(d.run("savings report --baseline flotation --from 2026-05-01 --to 2026-05-31") == exit_code::ok);
    INFO(d.out.str());
    CHECK(d.says("42.9100 % lower"));
    CHECK(d.says("work +3.8000 %"));
    CHECK(d.says("energy per t 45.0000 % lower"));
}

TEST_CASE("savings: a model that does not follow its data is not frozen", "[cli][savings]")
{
    desk d;
    std::string table = "period,item,value,unit,source\n";
    int const energy[]{900, 1500, 400, 600, 1700, 300};
    for (int i = 0; i < 6; ++i)
        table += "2026-03-0" + std::to_string(i + 1) + ",mill.e," + std::to_string(energy[i]) +
                 ",kWh,meter\n2026-03-0" + std::to_string(i + 1) + ",production," + std::to_string(10 + i) +
                 ",t,book\n";
    REQUIRE(d.run("import --author Li " + d.folder().write("mill.csv", table)) == exit_code::ok);
    CHECK(d.run("baseline freeze --id mill --author Li --energy mill.e --driver production --from 2026-03-01 --to "
                "2026-03-31") == exit_code::not_proven);
    CHECK(d.says("this baseline may carry no claim:"));
    CHECK(d.says("the baseline has 6 days, at least 12 are needed"));
    CHECK(d.says("the drivers do not explain the energy"));
    CHECK(d.run("baseline show mill") == exit_code::failure);
}

TEST_CASE("savings: a figure that no day has, dates in the wrong order and half a motor are said at once",
          "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    auto const from_to = [](std::string const& from, std::string const& to) {
        return " --from " + from + " --to " + to;
    };
    std::string const fit = "baseline fit --driver production --energy ";

    CHECK(d.run(fit + "press_pump.x" + from_to("2026-03-01", "2026-03-31")) == exit_code::not_proven);
    CHECK(d.err.str() == "no day has 'press_pump.x', stored or imported; `kilnwatt report day` names the figures there "
                         "are\n");
    CHECK(d.says("no day from 2026-03-01 to 2026-03-31 has both the energy and every driver"));

    CHECK(d.run(fit + "press_pump.e" + from_to("2026-03-31", "2026-03-01")) == exit_code::usage);
    CHECK(d.err.str() == "--to 2026-03-01 lies before --from 2026-03-31\n");

    CHECK(d.run("baseline freeze --id few --author Li --energy press_pump.e --driver production" +
                from_to("2026-03-01", "2026-03-05")) == exit_code::not_proven);
    CHECK_FALSE(d.says("frozen"));
    CHECK(d.says("the baseline has 5 days, at least 12 are needed"));

    CHECK(d.run(std::string{"baseline freeze --id pump/1 --author Li"} + pump_days) == exit_code::usage);
    CHECK(d.err.str().find("'pump/1' is no name: write 1 to 64 small letters") != std::string::npos);
    CHECK(d.run("production add 2026-04-30 -1 t --source book --author Li") == exit_code::usage);
    CHECK(d.err.str().find("-1 is below 0") != std::string::npos);
    REQUIRE(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);
    CHECK(d.run("savings report --baseline pump" + from_to("2026-05-31", "2026-05-01")) == exit_code::usage);
    CHECK(d.run(std::string{pump_report} + " --motor-before 93.3") == exit_code::usage);
    CHECK(d.err.str().find("--motor-after") != std::string::npos);
}

TEST_CASE("savings: work far beyond the baseline is named once, and a mean day that rose is higher", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    REQUIRE(d.run(std::string{"baseline freeze --id pump --author Li"} + pump_days) == exit_code::ok);
    std::string table = "period,item,value,unit,source\n";
    for (auto const* day : {"2026-06-01", "2026-06-02"})
        table += std::string{day} + ",press_pump.e,2400,kWh,meter\n" + day + ",production,90,t,book\n";
    REQUIRE(d.run("import --author Li " + d.folder().write("far.csv", table)) == exit_code::ok);
    CHECK(d.run("savings report --baseline pump --from 2026-06-01 --to 2026-06-30") == exit_code::ok);
    CHECK(d.says("2 of 2 days (2026-06-01, 2026-06-02): a driver lies outside 90 to 110 %"));
    CHECK(d.says("not savings mean day 63.2098 % higher, work +167.3267 %, energy per t 38.9474 % lower"));
}

TEST_CASE("import: a table with mistakes stores nothing and says all of them", "[cli][import]")
{
    desk d;
    auto const file = d.folder().write("past.csv", "period,item,value,unit,source,author\n"
                                                   "2020-01,electricity,1200,MWh,bill,Li\n"
                                                   "2020-02,electricty,1100,MWh,bill,Li\n"
                                                   "2020-13,production,x,t,MES,Li\n");
    CHECK(d.run("import " + file) == exit_code::bad_config);
    CHECK(d.says("past.csv:3:9: item: there is no item 'electricty': did you mean 'electricity'?"));
    CHECK(d.says("past.csv:4:1: period: '2020-13' is no date"));
    CHECK(d.says("past.csv:4:20: value: 'x' is no number"));
    CHECK(d.err.str().find("3 mistakes, nothing was stored") != std::string::npos);
}

TEST_CASE("production add: a correction is a revision", "[cli][import]")
{
    desk d;
    CHECK(d.run("production add 2026-03-15 12.4 t --source book --author Li") == exit_code::ok);
    CHECK(d.says("1 new, 0 revised"));
    CHECK(d.run("production add 2026-03-15 12400 kg --source book --author Li") == exit_code::ok);
    CHECK(d.says("0 new, 0 revised, 1 unchanged"));
    CHECK(d.run("production add 2026-03-15 12.6 t --source book --author Li") == exit_code::ok);
    CHECK(d.says("0 new, 1 revised"));
    CHECK(d.run("production add 2026-03 380 t --source book --author Li") == exit_code::bad_config);
    CHECK(d.says("would count twice"));
    CHECK(d.run("production add 2199-03-15 12.4 t --source book --author Li") == exit_code::bad_config);
    CHECK(d.says("production of 2199-03-15 has not begun: give a day, month or year that is over"));
}

TEST_CASE("meter exchange: the readings of both meters are stored once, in the counter's unit", "[cli][import]")
{
    desk d;
    d.out.str("");
    std::string const exchange =
        "meter exchange press-pump active_energy_import --at 2026-03-15T08:20 --final 48211.7 --first 0.3 "
        "--unit kWh --source protocol-17 --author Li";
    auto const code = d.run(exchange);
    INFO(d.out.str() << d.err.str());
    CHECK(code == exit_code::ok);
    CHECK(d.says("the exchange of 2026-03-15T08:20:00.000Z is stored"));
    CHECK(d.run(exchange) == exit_code::ok);
    CHECK(d.says("is stored already"));
    CHECK(d.run("meter exchange nothing active_energy_import --at 2h --final 1 --first 0 --unit kWh --source p "
                "--author Li") == exit_code::usage);
    CHECK(d.err.str().find("there is no device 'nothing'") != std::string::npos);
    CHECK(
        d.run("meter exchange press-pump active_power --at 2h --final 1 --first 0 --unit kWh --source p --author Li") ==
        exit_code::usage);
    CHECK(d.err.str().find("'active_power' is no counter") != std::string::npos);
    CHECK(d.run("meter exchange press-pump active_energy_import --at 2h --final 1 --first 0 --unit m3 --source p "
                "--author Li") == exit_code::usage);
    CHECK(d.err.str().find("give the readings in kWh") != std::string::npos);
    CHECK(d.run("meter exchange press-pump active_energy --at 2026-03-15T08:20 --final 1 --first 0 --unit kWh "
                "--source p --author Li") == exit_code::usage);
    CHECK(d.err.str().find(
              "press-pump has no counter 'active_energy'; name one of its own, for example active_energy_") !=
          std::string::npos);
}

TEST_CASE("meter exchange: the closed windows that lacked the readings are listed", "[cli][import]")
{
    desk d;
    auto const now = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now());
    auto const start = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count() - energy::hour;
    energy::aggregate_rows rows{"press-pump", stream::window_15m};
    std::string why;
    auto j = journal::journal::open({.path = d.folder().file("savings.db")}, plant_clock{}, why);
    INFO(why);
    REQUIRE(j.has_value());
    (*j)->start();
    for (auto const t : {start, start + energy::quarter}) {
        energy::device_window w;
        w.start = t;
        w.end = t + energy::quarter;
        energy::counter_delta gain;
        gain.known = t != start;
        gain.q = t == start ? quality::meter_replaced : quality::good;
        w.counters.push_back({"active_energy_import", "Wh", true, gain});
        REQUIRE((*j)->append(rows.make(w, {mono_time{}, utc_time{milliseconds{w.end}}})));
    }
    (*j)->stop();
    auto const at = to_text(utc_time{milliseconds{start + 5 * energy::minute}}).substr(0, 16);
    CHECK(d.run("meter exchange press-pump active_energy_import --final 9 --first 0 --unit kWh --source p --author Li "
                "--at " +
                at) == exit_code::ok);
    INFO(d.out.str() << d.err.str());
    CHECK(d.says("tells them again within minutes"));
    CHECK(d.says(fmt::format("  quarter of an hour from {}\n", to_text(utc_time{milliseconds{start}}))));
    CHECK_FALSE(d.says(to_text(utc_time{milliseconds{start + energy::quarter}})));
}

TEST_CASE("savings: days without energy are named as left out, and a month holds all its days", "[cli][savings]")
{
    desk d;
    REQUIRE(d.run("import " + desk::examples + "pump.csv") == exit_code::ok);
    REQUIRE(d.run("production add 2026-03-31 41 t --source book --author Li") == exit_code::ok);
    CHECK(d.run("baseline fit --energy press_pump.e --driver production --from 2026-03 --to 2026-03") == exit_code::ok);
    CHECK(d.says("n = 12"));
    CHECK(d.err.str().find("2026-03-31 is left out: press_pump.e is missing") != std::string::npos);
}

TEST_CASE("savings: months are found by a date inside the first and the last of them", "[cli][savings]")
{
    desk d;
    std::string table = "period,item,value,unit,source\n";
    for (int month = 1; month <= 12; ++month) {
        auto const label = std::string{month < 10 ? "2024-0" : "2024-"} + std::to_string(month);
        auto const noise = month % 3 - 1;
        table += label + ",mill.e," + std::to_string(1000 + 30 * month + noise) + ",kWh,meter\n" + label +
                 ",production," + std::to_string(month) + ",t,book\n";
    }
    REQUIRE(d.run("import --author Li " + d.folder().write("mill.csv", table)) == exit_code::ok);
    CHECK(d.run("baseline fit --by month --energy mill.e --driver production --from 2024-01-15 --to 2024-12-31") ==
          exit_code::ok);
    CHECK(d.says("n = 12"));
}

TEST_CASE("savings: a report knows how many days or months it should have", "[cli][savings]")
{
    using savings::step;
    CHECK(periods_within(step::day, "2026-05", "2026-05") == 31);
    CHECK(periods_within(step::day, "2024", "2024") == 366);
    CHECK(periods_within(step::day, "2026-02-27", "2026-03-01") == 3);
    CHECK(periods_within(step::month, "2026", "2026") == 12);
    CHECK(periods_within(step::month, "2025-11-15", "2026-02") == 4);
    CHECK(periods_within(step::day, "2026-03-02", "2026-03-01") == 0);
    CHECK(periods_within(step::month, "2026-03", "2026-01") == 0);
    CHECK(periods_within(step::day, "may", "2026-05") == 0);
}

TEST_CASE("savings: a baseline by month is in a month's report and in no day's", "[cli][savings]")
{
    desk d;
    std::string table = "period,item,value,unit,source\n";
    for (int month = 1; month <= 18; ++month) {
        auto const in_year = (month - 1) % 12 + 1;
        auto const label =
            std::string{month > 12 ? "2025-" : "2024-"} + (in_year < 10 ? "0" : "") + std::to_string(in_year);
        auto const used = (month > 12 ? 0.8 : 1.0) * (1000 + 30 * in_year + in_year % 3 - 1);
        table += label + ",mill.e," + std::to_string(used) + ",kWh,meter\n" + label + ",production," +
                 std::to_string(in_year) + ",t,book\n";
    }
    table += "2025-04-01,fan.e,5,kWh,meter\n";
    REQUIRE(d.run("import --author Li " + d.folder().write("mill.csv", table)) == exit_code::ok);
    REQUIRE(d.run("baseline freeze --id mill --author Li --by month --energy mill.e --driver production --from 2024-01 "
                  "--to 2024-12") == exit_code::ok);
    REQUIRE(d.run("report month --date 2025-04 --csv") == exit_code::ok);
    CHECK(d.says("savings,mill.mv.savings,224."));
    CHECK(d.says("1 of 1 months"));
    REQUIRE(d.run("report year --date 2025 --csv") == exit_code::ok);
    CHECK(d.says("6 of 12 months"));
    REQUIRE(d.run("report day --date 2025-04-01 --csv") == exit_code::ok);
    CHECK(d.says("fan.e"));
    CHECK_FALSE(d.says("mv.savings"));
}
