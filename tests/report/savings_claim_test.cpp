#include "agent/report/page_tables.hpp"
#include "agent/report/report_lines.hpp"
#include "tests/savings/cases.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::report;

namespace {

constexpr std::size_t days_of_may = 31;

savings_claim pump(std::vector<savings::period> const& used, std::size_t expected = days_of_may,
                   quality inputs = quality::good)
{
    auto b = kilnwatt::test::fitted(kilnwatt::test::pump_before());
    b.id = "pump";
    auto s = savings::savings_of(b, used, {}, 0.9);
    return claim_of(std::move(b), std::move(s), inputs, expected);
}

bool holds(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("report: a month says what the pump saved, of how many days, against which baseline (G-MV-1)",
          "[report][savings]")
{
    site_report r;
    r.savings = {pump(kilnwatt::test::pump_after())};
    auto const all = lines_of(r.savings.front());
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "pump.mv.savings");
    CHECK(*all[0].value == Approx(1921.4321).margin(5e-5));
    CHECK(all[0].unit == "kWh");
    CHECK(all[1].name == "pump.mv.savings_pct");
    CHECK(*all[1].value == Approx(20.0003).margin(5e-5));
    CHECK(all[2].name == "pump.mv.uncertainty");
    CHECK(*all[2].value == Approx(3.197).margin(5e-4));
    for (auto const& l : all) {
        CHECK(l.section == "savings");
        CHECK(l.method == "model");
        CHECK(l.quality == "uncertain:low_coverage");
        CHECK(*l.coverage == Approx(6.0 / 31));
        CHECK(l.source == "baseline pump (2026-03-01 to 2026-03-12), 6 of 31 days");
    }
    auto const page = savings_section(r, language::chinese);
    for (auto const* text : {"节能量", "基准", "计入天数: 6 / 31", "模型计算", "数据有缺口"})
        CHECK(holds(page, text));
    CHECK(holds(savings_section(r, language::english), "Energy saved <code>mv.savings</code>"));
    CHECK(savings_section({}, language::english).empty());
}

TEST_CASE("report: a saving that is not proven has its reason in place of the number", "[report][savings]")
{
    site_report r;
    r.savings = {pump(kilnwatt::test::pump_before())};
    for (auto const& l : lines_of(r.savings.front())) {
        CHECK_FALSE(l.value);
        CHECK(l.quality.empty());
        CHECK(holds(l.source, "overlaps the baseline"));
    }
    auto const page = savings_section(r, language::english);
    CHECK(holds(page, "no savings are claimed: "));
    CHECK(holds(page, "overlaps the baseline"));
    CHECK(page.find("overlaps") == page.rfind("overlaps")); // once, not for each of the three figures
    CHECK(holds(savings_section(r, language::chinese), "不认定节能量: "));
}

TEST_CASE("report: a period without days has no saving, one before the baseline had no measure", "[report][savings]")
{
    auto const nothing = lines_of(pump({}));
    CHECK_FALSE(nothing[0].value);
    CHECK(nothing[0].quality == "bad:no_data");
    CHECK(holds(nothing[0].source, "no day of the report has both the energy and every driver"));
    auto const early = lines_of(pump(kilnwatt::test::days("2026-02", {30, 33}, {1090.4, 1150.7})));
    CHECK_FALSE(early[0].value);
    CHECK(holds(early[0].source, "lies before the baseline"));
}

TEST_CASE("report: a saving is as good as its days: complete, measured, within the baseline's range",
          "[report][savings]")
{
    auto const q = [](savings_claim const& c) { return std::string{to_string(*c.q())}; };
    auto const after = kilnwatt::test::pump_after();
    CHECK(q(pump(after, 6)) == "good");
    CHECK(q(pump(after, 6, quality::manual_value)) == "good:manual_value");
    CHECK(q(pump(after, 6, quality::counter_reset)) == "uncertain:counter_reset");
    auto const far = kilnwatt::test::days("2026-05", {60}, {1500});
    CHECK(q(pump(far, 1)) == "uncertain:engineering_range");
    CHECK(holds(lines_of(pump(far, 1))[0].source, "the model extrapolates"));
}
