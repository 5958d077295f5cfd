#include "agent/energy/aggregate_row.hpp"
#include "agent/energy/target.hpp"
#include "agent/energy/user_kpi.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;

namespace {

target_model target(double base, int base_year, double reduction)
{
    return {"energy_per_tonne", "tce.unit", "kgce/t", base, reduction, base_year, 0, "audit"};
}

std::map<std::string, figure_value> measured(double value, quality q = quality::good)
{
    return {{"tce.unit", {value, severity_of(q) != severity::bad, q, 1.0, value, method::counter}}};
}

} // namespace

TEST_CASE("target: progress is the share of the reduction aimed at (G-TGT-1, G-ENPI-1)", "[energy][target]")
{
    CHECK(100 * progress_of(target(0.60, 2023, 0.035), 0.5814, 2024).progress == Approx(88.571).epsilon(1e-5));
    CHECK(100 * progress_of(target(0.60, 2023, 0.2), 0.48, 2024).reduction == Approx(20.000));
    CHECK(progress_of(target(0.60, 2023, 0.2), 0.66, 2024).progress == Approx(-0.5));
}

TEST_CASE("target: the yearly rate depends on the base year (G-CUM-1)", "[energy][target]")
{
    CHECK(100 * *progress_of(target(200, 2020, 0.3871), 122.58, 2023).yearly == Approx(15.0566).margin(5e-5));
    CHECK(100 * *progress_of(target(200, 2021, 0.3871), 122.58, 2023).yearly == Approx(21.7121).margin(5e-5));
    CHECK(progress_of(target(200, 2020, 0.3871), 122.58, 2023).progress == Approx(1.0));
    CHECK_FALSE(progress_of(target(200, 2023, 0.3871), 122.58, 2023).yearly);
}

TEST_CASE("target: a month and a year have its figures, a day has none", "[energy][target]")
{
    plant_model m;
    m.targets = {target(200, 2020, 0.3871)};
    user_kpis const k{m};
    constexpr instant year_2023 = 1'672'531'200'000;
    CHECK(k.progress(measured(150), {year_2023, year_2023 + 24 * hour}).empty());
    auto const month = k.progress(measured(122.58), {year_2023, year_2023 + 31 * 24 * hour});
    REQUIRE(month.size() == 3);
    CHECK(month[0].name == "kpi.energy_per_tonne_reduction");
    CHECK(month[0].of.value == Approx(38.71));
    CHECK(month[1].name == "kpi.energy_per_tonne_progress");
    CHECK(month[1].of.value == Approx(100));
    CHECK(month[2].name == "kpi.energy_per_tonne_cagr");
    CHECK(month[2].of.value == Approx(15.0566).margin(5e-5));
    CHECK(k.progress({}, {year_2023, year_2023 + 31 * 24 * hour}).empty());
}

TEST_CASE("target: what is not known of the figure is not known of its progress", "[energy][target]")
{
    std::vector<target_model> const all{target(200, 2020, 0.1)};
    auto const lost = target_values(all, measured(0, quality::coverage_too_low), 2023);
    REQUIRE(lost.size() >= 2);
    CHECK_FALSE(lost[1].of.known);
    CHECK(lost[1].of.q == quality::coverage_too_low);
    CHECK(target_values(all, measured(180, quality::low_coverage), 2023)[1].of.q == quality::low_coverage);
}
