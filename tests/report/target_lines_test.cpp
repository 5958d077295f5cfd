#include "agent/report/page_tables.hpp"
#include "agent/report/report_lines.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::report;

namespace {

site_report with_target(std::optional<double> value)
{
    site_report r;
    r.what = span::year;
    target_line line{{"energy_per_tonne", "tce.unit", "kgce/t", 200, 0.3871, 2020, 2023, "audit <2020>"},
                     value,
                     {},
                     value ? quality::good : quality::coverage_too_low};
    if (value)
        line.now = energy::progress_of(line.target, *value, 2023);
    r.targets = {line};
    return r;
}

std::optional<double> value_of(site_report const& r, std::string_view name)
{
    for (auto const& l : lines_of(r))
        if (l.section == "target" && l.name == name)
            return l.value;
    return std::nullopt;
}

} // namespace

TEST_CASE("report: a target says base, value, reduction, rate and progress (G-CUM-1)", "[report][target]")
{
    auto const r = with_target(122.58);
    CHECK(value_of(r, "energy_per_tonne.base") == 200);
    CHECK(value_of(r, "energy_per_tonne.value") == 122.58);
    CHECK(*value_of(r, "energy_per_tonne.reduction") == Approx(38.71));
    CHECK(*value_of(r, "energy_per_tonne.cagr") == Approx(15.0566).margin(5e-5));
    CHECK(*value_of(r, "energy_per_tonne.progress") == Approx(100));
    auto const page = target_section(r, language::english);
    CHECK(page.find("38.71 % (2023)") != std::string::npos);
    CHECK(page.find("audit &lt;2020&gt;") != std::string::npos);
}

TEST_CASE("report: a target without a value claims no progress", "[report][target]")
{
    auto const r = with_target(std::nullopt);
    CHECK_FALSE(value_of(r, "energy_per_tonne.progress"));
    CHECK(value_of(r, "energy_per_tonne.base") == 200);
    CHECK(target_section(r, language::chinese).find("–") != std::string::npos);
    CHECK(target_section({}, language::english).empty());
}
