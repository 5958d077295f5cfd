#include "agent/energy/user_kpi.hpp"

#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/unit_dimension.hpp"
#include "hand_plant.hpp"
#include "small_plant.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

plant_model plant_with(std::vector<kpi_model> kpis)
{
    auto m = small_plant();
    m.kpis = std::move(kpis);
    return m;
}

kpi_model kpi(std::string name, std::string formula, std::string unit)
{
    kpi_model k;
    k.name = std::move(name);
    k.formula = std::move(formula);
    k.unit = std::move(unit);
    return k;
}

std::string fault_of(kpi_model k)
{
    auto const faults = check_kpis(plant_with({std::move(k)}));
    return faults.empty() ? "" : faults.front().key + ": " + faults.front().message;
}

} // namespace

TEST_CASE("user_kpi: a formula of figures, of points and of other formulas", "[energy][kpi]")
{
    auto m =
        plant_with({kpi("mill.cover", "mill.share_of_pv * 2", "%"), // uses one that stands later
                    kpi("mill.share_of_pv", "mill.e / pv.e", "%"), kpi("mill.mj", "mill.active_energy_import", "MJ"),
                    kpi("sun.level", "weather.irradiance", "kW/m2"),
                    kpi("drive.watts", "drive.speed * 0 + max(mill.p, grid.p)", "W")});
    m.kpis.back().formula = "max(mill.p, grid.p)";
    REQUIRE(check_kpis(m).empty());
    energy_stage s{m};
    auto const rows = run(s, 0, 61 * minute_ms);
    auto const at = [&](stream kind, std::string_view name) { return figure_at(rows, kind, 0, name); };
    for (auto const kind : {stream::kpi_15m, stream::kpi_1h}) {
        auto const ms = kind == stream::kpi_15m ? quarter_ms : 0;
        auto const f = [&](std::string_view name) { return *figure_at(rows, kind, ms, name); };
        CHECK(f("mill.share_of_pv").value == Approx(100.0 / 1.2));
        CHECK(f("mill.share_of_pv").q == quality::good);
        CHECK(f("mill.cover").value == Approx(200.0 / 1.2));
        CHECK(f("mill.mj").value == Approx(kind == stream::kpi_15m ? 90 : 360).epsilon(1e-3));
        CHECK(f("sun.level").value == Approx(0.5));
        CHECK(f("drive.watts").value == Approx(100e3));
        CHECK(figure_at(rows, kind, ms, "mill.mj.method")->value == 0);
        CHECK(figure_at(rows, kind, ms, "mill.mj.coverage")->value == Approx(1).epsilon(1e-3));
    }
    CHECK_FALSE(at(stream::kpi_1m, "mill.mj")); // shortest is a quarter of an hour
}

TEST_CASE("user_kpi: quality and coverage are those of the worst input", "[energy][kpi]")
{
    auto const m = plant_with({kpi("x.y", "pv.e / mill.e", "1")});
    user_kpis const kpis{m};
    figure_value good{3, true, quality::good, 1.0, 3, method::counter};
    figure_value poor{2, true, quality::low_coverage, 0.8, 2, method::integral};
    auto const v = kpis.values({{"pv.e", good}, {"mill.e", poor}}, quarter);
    REQUIRE(v.size() == 1);
    CHECK(v[0].of.value == Approx(1.5));
    CHECK(v[0].of.q == quality::low_coverage);
    CHECK(v[0].of.coverage == 0.8);
    CHECK(v[0].of.how == method::integral);

    figure_value const none{0, false, quality::coverage_too_low, 0.2, 1, method::counter};
    auto const missing = kpis.values({{"pv.e", good}, {"mill.e", none}}, quarter);
    CHECK_FALSE(missing[0].of.known);
    CHECK(missing[0].of.q == quality::coverage_too_low);
    CHECK(kpis.values({{"pv.e", good}}, quarter).empty()); // the period has no such figure
}

TEST_CASE("user_kpi: the cause of doubt is the worst of the inputs, whichever stands first", "[energy][kpi]")
{
    auto const m = plant_with({kpi("x.a", "mill.e / pv.e", "1"), kpi("x.b", "pv.e / mill.e", "1")});
    figure_value const coarse{2, true, quality::low_coverage, 0.8, 2, method::counter};
    figure_value const part{2, true, quality::inputs_missing, 0.9, 2, method::counter};
    auto const v = user_kpis{m}.values({{"mill.e", coarse}, {"pv.e", part}}, quarter);
    REQUIRE(v.size() == 2);
    for (auto const& x : v) {
        CHECK(x.of.q == quality::inputs_missing);
        CHECK(x.of.coverage == 0.8); // the smaller: what both may cover at most
    }
}

TEST_CASE("user_kpi: below its floor, and by zero, a formula has no value", "[energy][kpi]")
{
    auto k = kpi("x.y", "pv.e / mill.e", "1");
    k.floors = {{"mill.e", 2}};
    auto const m = plant_with({k});
    user_kpis const kpis{m};
    auto const value = [&](double mill) {
        figure_value const e{mill, true, quality::good, 1.0, mill, method::counter};
        return kpis.values({{"pv.e", e}, {"mill.e", e}}, quarter).front().of;
    };
    CHECK(value(2).known);
    CHECK_FALSE(value(1.9).known);
    CHECK(value(1.9).q == quality::denominator_low);

    auto const bare = plant_with({kpi("x.y", "pv.e / mill.e", "1")});
    figure_value const zero{0, true, quality::good, 1.0, 0, method::counter};
    auto const v = user_kpis{bare}.values({{"pv.e", zero}, {"mill.e", zero}}, quarter).front().of;
    CHECK_FALSE(v.known);
    CHECK(v.q == quality::denominator_low);
}

TEST_CASE("user_kpi: an unknown name says which is near, and a role that the plant lacks is no name", "[energy][kpi]")
{
    auto const faults = check_kpis(plant_with({kpi("x.y", "pv.a / site.e_laod", "1")}));
    REQUIRE(faults.size() == 2);
    CHECK(faults[1].message == "this plant has no figure 'site.e_laod'");
    CHECK(faults[1].remedy == "did you mean 'site.e_load'? docs/metrics.md lists the figures");
    CHECK(fault_of(kpi("x.y", "bat.e_cha", "kWh")) == "formula: this plant has no figure 'bat.e_cha'");
    CHECK(fault_of(kpi("x.y", "mill.serial_number", "1")) == "formula: this plant has no figure 'mill.serial_number'");
    CHECK(fault_of(kpi("pv.e", "mill.e", "kWh")) == "name: 'pv.e' is a figure of the plant already");
}

TEST_CASE("user_kpi: units are checked, in sums, results, functions and conditions", "[energy][kpi]")
{
    CHECK(fault_of(kpi("x.y", "pv.e + pv.p", "kWh")) == "unit: the formula of pv.e [kWh], pv.p [kW] gives no kWh");
    CHECK(fault_of(kpi("x.y", "pv.e / mill.p", "h")).empty());
    CHECK(fault_of(kpi("x.y", "pv.e / mill.p", "kWh")).rfind("unit:", 0) == 0);
    CHECK(fault_of(kpi("x.y", "max(pv.e, mill.e) - abs(grid.e_imp)", "MJ")).empty());
    CHECK(fault_of(kpi("x.y", "max(pv.e, mill.p)", "kWh")).rfind("unit:", 0) == 0);
    CHECK(fault_of(kpi("x.y", "sqrt(pv.e * mill.e)", "kWh")).empty());
    CHECK(fault_of(kpi("x.y", "exp(pv.e)", "kWh")).rfind("unit:", 0) == 0);
    CHECK(fault_of(kpi("x.y", "pv.e > mill.e ? pv.e : mill.e", "kWh")).empty());
    CHECK(fault_of(kpi("x.y", "pv.e + 3", "kWh")).rfind("unit:", 0) == 0);
    CHECK(fault_of(kpi("x.y", "tce.total / pv.e", "kgce/kWh")).empty());
    CHECK(fault_of(kpi("x.y", "tce.total + pv.e", "kWh")).rfind("unit:", 0) == 0); // coal equivalent is not energy
    CHECK(fault_of(kpi("x.y", "pv.e", "kWhh")) == "unit: there is no unit 'kWhh'");
}

TEST_CASE("user_kpi: what is no formula and what leads in a circle", "[energy][kpi]")
{
    CHECK(fault_of(kpi("x.y", "pv.e / (mill.e", "1")).rfind("formula: is no formula: ", 0) == 0);
    CHECK(fault_of(kpi("x.y", "pv.e mill.e", "1")).rfind("formula: is no formula: ", 0) == 0);
    CHECK(fault_of(kpi("x.y", "", "1")).rfind("formula: is no formula: ", 0) == 0);
    CHECK(fault_of(kpi("x.y", "pv.e, mill.e", "kWh")) == "formula: is no formula: has several values; write one");
    CHECK(fault_of(kpi("x.y", std::string(2000, ' ') + "pv.e", "kWh")) ==
          "formula: is no formula: is longer than 1000 bytes");
    CHECK(fault_of(kpi("x.y", "x.y + pv.e", "kWh")) == "formula: leads in a circle: x.y -> x.y");
    auto const m = plant_with(
        {kpi("a.a", "b.b", "1"), kpi("b.b", "c.c * 2", "1"), kpi("c.c", "a.a", "1"), kpi("d.d", "a.a", "1")});
    auto const faults = check_kpis(m);
    REQUIRE(faults.size() == 3);
    CHECK(faults[0].message == "leads in a circle: a.a -> b.b -> c.c -> a.a");
    CHECK(user_kpis{m}.values({}, quarter).empty());
}

TEST_CASE("user_kpi: a formula of a longer period is that of its sums, never a mean of ratios (G-AGG-2)",
          "[energy][kpi]")
{
    auto const hour_of = [](double mill, double sun) {
        hand_plant p;
        p.counter(p.add("mill", role::load), "active_energy_import", mill * 1000);
        p.counter(p.add("roof", role::pv), "active_energy", sun * 1000);
        return p.minute_figures();
    };
    figures day;
    append(day, hour_of(80, 100));
    append(day, hour_of(1, 10));
    std::map<std::string, figure_value> values;
    for (auto const& f : day)
        values[f.name] = finish(f, 2 * minute);
    user_kpis const kpis{plant_with({kpi("x.share", "mill.e / pv.e", "%"), kpi("x.twice", "2 * x.share", "%")})};
    auto const found = kpis.values(values, 24 * hour);
    REQUIRE(found.size() == 2);
    CHECK(found[0].of.value == Approx(73.636).margin(5e-4));
    CHECK(found[1].of.value == Approx(2 * 73.636).margin(1e-3));
}

TEST_CASE("user_kpi: whatever somebody writes is a formula with a value, or a sentence that says what is wrong",
          "[energy][kpi]")
{
    constexpr std::string_view words[]{
        "pv.e", "mill.e", "mill.p", "grid.e_imp", "x.y", "nothing", "1",    "0",     "2.5e3", "(",  ")",    "+",
        "-",    "*",      "/",      "^",          "?",   ":",       "min(", "sqrt(", ",",     "<",  "==",   "&&",
        "=",    "ln(",    " ",      "\"a\"",      "%",   "_pi",     "if(",  ";",     ".",     "..", "9e999"};
    std::mt19937 random{1};
    std::uniform_int_distribution<std::size_t> word{0, std::size(words) - 1}, length{1, 12};
    figure_value const seen{2, true, quality::good, 1.0, 2, method::counter};
    std::map<std::string, figure_value> const values{
        {"pv.e", seen}, {"mill.e", seen}, {"mill.p", seen}, {"grid.e_imp", seen}};
    std::size_t computed = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string text;
        for (auto n = length(random); n > 0; --n)
            text += words[word(random)];
        INFO(text);
        auto const m = plant_with({kpi("x.y", text, "kWh")});
        auto const faults = check_kpis(m);
        for (auto const& f : faults) {
            CHECK_FALSE(f.message.empty());
            CHECK_FALSE(f.remedy.empty());
        }
        for (auto const& v : user_kpis{m}.values(values, quarter)) {
            REQUIRE(faults.empty());
            CHECK((v.of.known ? std::isfinite(v.of.value) : severity_of(v.of.q) != severity::good));
            ++computed;
        }
    }
    CHECK(computed > 0);
}

TEST_CASE("metric_catalogue: it is the table of docs/metrics.md, with units and shortest periods", "[energy][kpi]")
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/docs/metrics.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    std::regex const row{R"re(\| `([a-z0-9_.]+)` \| ([^|]+) \| ([GCRSM]) \| ([^|]+) \| [^|]{4,} \|\n)re"};
    std::map<stream, std::string> const from{{stream::kpi_1m, "1 min"},
                                             {stream::kpi_15m, "15 min"},
                                             {stream::kpi_1h, "1 h"},
                                             {stream::kpi_day, "day"},
                                             {stream::kpi_month, "month"}};
    std::vector<std::array<std::string, 3>> listed, known;
    for (std::sregex_iterator m{text.begin(), text.end(), row}, end; m != end; ++m)
        listed.push_back({(*m)[1], (*m)[2], (*m)[4]});
    for (auto const& x : metric_units()) {
        known.push_back({std::string{x.name}, std::string{x.unit.empty() ? "1" : x.unit}, from.at(x.shortest)});
        INFO(x.name);
        CHECK(measure_of(x.unit));
    }
    CHECK(listed == known);
}

TEST_CASE("metric_catalogue: the figures of a device are those of its role in docs/metrics.md", "[energy][kpi]")
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/docs/metrics.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    std::regex const row{"\n\\| ([a-z_]+) \\| ((?:`[a-z_]+`(?:, )?)+) \\|"};
    std::regex const leaf{"`([a-z_]+)`"};
    std::map<std::string, std::set<std::string>> listed;
    std::set<std::string> all;
    for (std::sregex_iterator m{text.begin(), text.end(), row}, end; m != end; ++m) {
        std::string const names = (*m)[2];
        for (std::sregex_iterator n{names.begin(), names.end(), leaf}; n != end; ++n) {
            listed[(*m)[1]].insert((*n)[1]);
            all.insert((*n)[1]);
        }
    }
    REQUIRE(listed.size() == 5);
    for (auto const& x : metric_units())
        all.insert(std::string{x.name.substr(x.name.find('.') + 1)});
    for (auto const name : role_names()) {
        plant_model m;
        m.devices.emplace_back();
        m.devices.back().name = "it";
        m.devices.back().what = *role_from_string(name);
        for (auto const& x : all) {
            INFO(name << ' ' << x);
            CHECK(figure_named(m, "it." + x).has_value() == (listed[std::string{name}].count(x) == 1));
        }
    }
}

TEST_CASE("measure: units become factors and kinds", "[energy][kpi]")
{
    CHECK(measure_of("MJ")->factor == Approx(1 / 3.6));
    CHECK(measure_of("kWh/t")->same_kind(*measure_of("MJ/kg")));
    CHECK(measure_of("W/m2")->factor == Approx(1e-3));
    CHECK(measure_of("kWh/t.h")->same_kind(*measure_of("kW/t")));
    CHECK_FALSE(measure_of("kWh/"));
    CHECK_FALSE(measure_of("kWh/t/h"));
    CHECK_FALSE(measure_of("kWh/ton"));
    CHECK(measure_of("")->factor == 1);
}
