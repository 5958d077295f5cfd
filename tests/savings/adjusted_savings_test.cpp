#include "cases.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::savings;

TEST_CASE("adjusted_savings: 20 % of the 110 kW pump, with its uncertainty (G-MV-1)", "[savings][adjusted_savings]")
{
    auto const b = test::fitted(test::pump_before());
    auto const s = savings_of(b, test::pump_after(), {}, 0.90);
    std::vector<double> const adjusted{1355.509, 1449.592, 1543.676, 1669.121, 1763.205, 1825.928};
    REQUIRE(s.periods.size() == adjusted.size());
    for (std::size_t i = 0; i < adjusted.size(); ++i)
        CHECK(s.periods[i].adjusted == Approx(adjusted[i]).margin(5e-4));
    CHECK(s.baseline_energy == Approx(9607.0321).margin(5e-5));
    CHECK(s.actual_energy == Approx(7685.6).margin(5e-2));
    CHECK(s.saved == Approx(1921.4321).margin(5e-5));
    CHECK(100 * s.fraction == Approx(20.0003).margin(5e-5));
    CHECK(s.t == Approx(1.8125).margin(5e-5));
    CHECK(100 * s.uncertainty == Approx(3.197).margin(5e-4));
    CHECK(100 * s.absolute_reduction == Approx(12.8913).margin(5e-5)); // the naive comparison: no saving
    CHECK(s.work_change > 0);
    CHECK(refusals_of(b, s).empty());
    CHECK(cautions_of(b, s).empty());
}

TEST_CASE("adjusted_savings: an adjustment moves the baseline and only it", "[savings][adjusted_savings]")
{
    auto const b = test::fitted(test::pump_before());
    auto const s = savings_of(b, test::pump_after(), {{-100, "second shift stopped"}, {20, "new mould"}}, 0.90);
    CHECK(s.baseline_energy == Approx(9527.0321).margin(5e-5));
    CHECK(s.saved == Approx(1841.4321).margin(5e-5));
}

TEST_CASE("adjusted_savings: a driver beyond the baseline's range is said", "[savings][adjusted_savings]")
{
    auto const b = test::fitted(test::pump_before());
    auto after = test::pump_after();
    after[0].numbers.drivers = {49.5}; // 110 % of 45: still inside
    after[1].numbers.drivers = {49.6};
    after[2].numbers.drivers = {19.7}; // 90 % of 22 is 19.8
    auto const s = savings_of(b, after, {}, 0.90);
    CHECK(s.extrapolated == 2);
    auto const said = cautions_of(b, s);
    REQUIRE(said.size() == 1);
    CHECK(said[0] == "2 of 6 days (2026-05-02, 2026-05-03): a driver lies outside 90 to 110 % of the baseline's range; "
                     "the model extrapolates and the saving is uncertain");
}

TEST_CASE("adjusted_savings: a range below zero widens on both sides", "[savings][adjusted_savings]")
{
    driver const outdoor{"outdoor_temperature", "degC", -10, 20};
    CHECK(outdoor.covers(-11));
    CHECK_FALSE(outdoor.covers(-11.1));
    CHECK(outdoor.covers(22));
    CHECK_FALSE(outdoor.covers(22.1));
}

TEST_CASE("adjusted_savings: a claim the data does not support is refused", "[savings][adjusted_savings]")
{
    auto const b = test::fitted(test::pump_before());

    SECTION("no period")
    {
        CHECK(refusals_of(b, savings_of(b, {}, {}, 0.90)) ==
              std::vector<std::string>{"no day of the report has both the energy and every driver"});
    }
    SECTION("nothing saved")
    {
        auto after = test::pump_after();
        for (auto& p : after)
            p.numbers.energy = b.model.at(p.numbers.drivers) + 1;
        CHECK(refusals_of(b, savings_of(b, after, {}, 0.90)) ==
              std::vector<std::string>{"nothing was saved: 9613.0 kWh were used, 9607.0 kWh were to be expected"});
    }
    SECTION("less than its uncertainty")
    {
        auto after = test::pump_after();
        for (auto& p : after)
            p.numbers.energy = b.model.at(p.numbers.drivers) * 0.995;
        CHECK(refusals_of(b, savings_of(b, after, {}, 0.90)) ==
              std::vector<std::string>{"the saving of 0.50 % is smaller than its uncertainty at 90 % confidence "
                                       "(± 128 % of the saving): it may be none at all; measure longer"});
    }
    SECTION("a report inside the baseline")
    {
        CHECK(refusals_of(b, savings_of(b, test::days("2026-03", {30}, {1000}), {}, 0.90)) ==
              std::vector<std::string>{
                  "the report (2026-03-01 to 2026-03-01) overlaps the baseline (2026-03-01 to 2026-03-12)"});
    }
}

TEST_CASE("baseline: every reason against a model is said at once", "[savings][baseline]")
{
    auto b = test::fitted(test::days("2026-03", {22, 30, 25, 41, 33}, {900, 1500, 400, 600, 1700}));
    auto const why = defects_of(b);
    REQUIRE(why.size() == 4);
    CHECK(why[0] == "the baseline has 5 days, at least 12 are needed");
    CHECK(why[1].rfind("CV(RMSE) is 63.", 0) == 0);
    CHECK(why[1].find("at most 20.00 % is accepted for day data") != std::string::npos);
    CHECK(why[2].rfind("R2 is 0.0", 0) == 0);
    CHECK(why[3].rfind("|t| of production is 0.", 0) == 0);
    CHECK_FALSE(refusals_of(b, savings_of(b, test::pump_after(), {}, 0.90)).empty());

    b.length = step::hour;
    CHECK(defects_of(b)[1].find("at most 30.00 %") != std::string::npos);
    b.length = step::month;
    CHECK(defects_of(b)[1].find("at most 15.00 %") != std::string::npos);
}

TEST_CASE("baseline: the hash is that of its data as text", "[savings][baseline]")
{
    auto const before = test::days("2026-03", {22, 25.5}, {1111, 1186.25});
    CHECK(data_text(before) == "2026-03-01,1111,22\n2026-03-02,1186.25,25.5\n");
    // printf '2026-03-01,1111,22\n2026-03-02,1186.25,25.5\n' | sha256sum
    CHECK(data_hash(before) == "219b53b637580f62175271285ed2acede14b480461a12b6b5039aefd6886543d");
    auto changed = before;
    changed[1].numbers.energy += 1e-9;
    CHECK(data_hash(changed) != data_hash(before));
}
