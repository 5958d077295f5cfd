#include "agent/report/page_tables.hpp"
#include "agent/report/report_lines.hpp"
#include "stored_plant.hpp"

#include <fmt/format.h>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::report;
using namespace kilnwatt::report::test;

namespace {

// 24 October 2026, 00:00 in Berlin, is 22:00 UTC of the day before: 145 days less two hours after t0.
constexpr instant saturday = hours(24 * 145 - 2);

report_line const& line(std::vector<report_line> const& all, std::string_view section, std::string_view name)
{
    auto const found =
        std::find_if(all.begin(), all.end(), [&](auto const& l) { return l.section == section && l.name == name; });
    INFO(section << " " << name);
    REQUIRE(found != all.end());
    return *found;
}

} // namespace

TEST_CASE("report: a day on which the clocks go back has 25 hours and 100 quarters", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday, saturday + hours(60)};
    auto const r = s.report({.what = span::day, .date = "2026-10-25"});
    INFO(s.why);
    REQUIRE(r);
    CHECK(r->label == "2026-10-25");
    CHECK(r->whole.when.length() == hours(25));
    CHECK(r->parts.size() == 100);
    CHECK(r->whole.value("pv.e") == Approx(25 * 120));
    CHECK(r->whole.value("site.e_load") == Approx(25 * 160));
    auto const* pv = r->whole.find("pv.e");
    CHECK(pv->unit == "kWh");
    CHECK(pv->q == quality::good);
    CHECK(pv->coverage == 1);
    CHECK(pv->method == "counter");
    CHECK(pv->partial == Approx(25 * 120));

    CHECK(r->balance.in == Approx(25 * 160));
    CHECK(r->balance.out == Approx(25 * 100));
    CHECK(r->balance.residual == Approx(25 * 60));
    CHECK(r->balance.share == Approx(60.0 / 160));

    auto const all = lines_of(*r);
    CHECK(line(all, "tariff", "peak.energy").value == Approx(12 * 40));
    CHECK(line(all, "tariff", "valley.energy").value == Approx(13 * 40));
    CHECK(*line(all, "tariff", "peak.cost").value + *line(all, "tariff", "valley.cost").value ==
          Approx(*r->whole.value("cost.energy")));
    CHECK(line(all, "coefficient", "tariff.peak").source == "notice 1 & 2");
    CHECK(line(all, "figure", "grid.demand_max").at.substr(0, 14) == "2026-10-24T22:"); // the first of many alike
    CHECK(line(all, "figure", "pv.e").at.empty());
    CHECK(line(all, "coefficient", "electricity").source == "GB/T 2589-2020");
}

TEST_CASE("report: how PV is attributed to the key equipment stands beside the figure", "[report]")
{
    site_report r;
    r.pv_first = "proportional";
    stored_figure share;
    share.name = "site.pv_first";
    share.unit = "%";
    share.value = 77.8;
    r.whole.figures = {share};
    CHECK(line(lines_of(r), "figure", "site.pv_first").source == "mode proportional");
    CHECK(figures_section(r, language::english).find("Key equipment from PV (shared alike) <code>") !=
          std::string::npos);
    auto model = plant_in_berlin();
    stored_plant s{model, saturday, saturday + hours(36)};
    CHECK(s.report({.what = span::day, .date = "2026-10-24"})->pv_first == "priority");
}

TEST_CASE("report: a share changes by percentage points, all else by its part", "[report]")
{
    site_report r;
    r.before = "2026-10-24";
    r.comparison = {{"site.autarky", "%", 32.5, 40}, {"pv.e", "kWh", 2700, 3000}};
    auto const all = lines_of(r);
    CHECK(line(all, "comparison", "site.autarky").value == Approx(-7.5));
    CHECK(line(all, "comparison", "site.autarky").unit == "pp");
    CHECK(line(all, "comparison", "pv.e").value == Approx(-10));
    CHECK(line(all, "comparison", "pv.e").unit == "%");
    CHECK(comparison_section(r, language::chinese).find("-7.5 个百分点") != std::string::npos);
}

TEST_CASE("report: a day beside the one before, and how much of it is known", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday, saturday + hours(60)};
    auto const r = s.report({.what = span::day, .date = "2026-10-25"});
    REQUIRE(r);
    CHECK(r->before == "2026-10-24");
    auto const all = lines_of(*r);
    auto const& sun = line(all, "comparison", "pv.e");
    CHECK(sun.value == Approx(100.0 / 24)); // an hour more
    CHECK(sun.method == "change from 2880 kWh in 2026-10-24");
    CHECK(line(all, "period", "start").at == "2026-10-24T22:00:00Z"); // in Berlin
    CHECK(line(all, "period", "end").at == "2026-10-25T23:00:00Z");
    CHECK(line(all, "period", "end").method == "day 2026-10-25");
    CHECK(line(all, "completeness", "parts").value == 100);
    CHECK(line(all, "completeness", "parts").method == "of 100 with data");
    auto const seen = line(all, "completeness", "figures.good").value.value() +
                      line(all, "completeness", "figures.uncertain").value.value() +
                      line(all, "completeness", "figures.missing").value.value();
    CHECK(seen == static_cast<double>(r->whole.figures.size()));
    auto const first = s.report({.what = span::day, .date = "2026-10-24"});
    REQUIRE(first);
    CHECK(first->before.empty());
    CHECK(first->comparison.empty());
}

TEST_CASE("report: where prices changed since, no period has a cost and the sum is what it was", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday, saturday + hours(60)};
    auto const billed = *s.report({.what = span::day, .date = "2026-10-25"})->whole.value("cost.energy");
    s.model().prices->price[static_cast<std::size_t>(energy::tariff_period::peak)] = 2.08;
    auto const r = s.report({.what = span::day, .date = "2026-10-25"});
    REQUIRE(r);
    CHECK_FALSE(line(lines_of(*r), "tariff", "peak.cost").value);
    CHECK(r->whole.value("cost.energy") == Approx(billed));
}

TEST_CASE("report: the grid's emission factor is that of the year, or says of which it is", "[report]")
{
    energy::plant_model m;
    m.emissions.grid = {{2021, 0.5568, "national", "MEE"}, {2022, 0.5366, "national", "MEE"}};
    auto const source = [&](int year) {
        for (auto const& c : coefficients_of(m, year))
            if (c.unit == "kgCO2/kWh")
                return fmt::format("{} {}", c.value, c.source);
        return std::string{};
    };
    CHECK(source(2021) == "0.5568 national 2021: MEE");
    CHECK(source(2022) == "0.5366 national 2022: MEE");
    CHECK(source(2026) == "0.5366 national 2022: MEE; none is given for 2026");
}

TEST_CASE("report: a production day is named by the date on which it begins", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday, saturday + hours(60)};
    auto const r = s.report({.what = span::production_day, .date = "2026-10-24"});
    INFO(s.why);
    REQUIRE(r);
    CHECK(r->whole.when.start == energy::test::t0 + saturday + hours(8));
    CHECK(r->whole.when.length() == hours(25));
    CHECK(r->whole.value("pv.e") == Approx(25 * 120));
    CHECK(r->parts.size() == 100);
}

TEST_CASE("report: a month with too little data has no value, and says what is known of it", "[report]")
{
    stored_plant s{plant_in_berlin(), hours(24 * 151), hours(24 * 153 + 3)};
    auto const r = s.report({.what = span::month, .date = "2026-10"});
    INFO(s.why);
    REQUIRE(r);
    auto const* pv = r->whole.find("pv.e");
    REQUIRE(pv != nullptr);
    CHECK_FALSE(pv->value);
    CHECK(pv->q == quality::coverage_too_low);
    CHECK(*pv->partial > 24 * 120);
    CHECK(line(lines_of(*r), "figure", "pv.e.partial").value == pv->partial);
    CHECK_FALSE(r->balance.residual);
}

TEST_CASE("report: without a date it is the last one stored; a wrong one says which there are", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday - hours(24), saturday + hours(60)};
    CHECK(s.report({.what = span::day})->label == "2026-10-25");
    CHECK_FALSE(s.report({.what = span::day, .date = "2026-10-27"}));
    CHECK(s.why == "nothing is stored of 2026-10-27; the journal has 2026-10-23 to 2026-10-25");
    CHECK_FALSE(s.report({.what = span::day, .date = "2026-10"}));
    CHECK(s.why == "'2026-10' is no date of a day: write one like 2026-10-25");
    CHECK_FALSE(s.report({.what = span::year}));
    CHECK(s.why == "no year is stored yet: a year is stored when it is over");
}

TEST_CASE("report: a later revision of a window replaces the earlier one, in any order", "[report]")
{
    stored_plant s{plant_in_berlin(), saturday, saturday + hours(60)};
    auto again = s.report({.what = span::day, .date = "2026-10-24"})->whole;
    std::vector<stored_period> all;
    auto corrected = again;
    corrected.revision = 1;
    corrected.figures.front().value = 7;
    keep(all, corrected);
    keep(all, again);
    REQUIRE(all.size() == 1);
    CHECK(all.front().figures.front().value == 7);
}
