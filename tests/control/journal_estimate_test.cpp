#include "agent/control/journal_estimate.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::control;
using journal::budget;

namespace {

site_plan example()
{
    auto plan = plan_site(KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml");
    REQUIRE(plan.found->empty());
    return plan;
}

budget_estimate estimate_of(site_plan const& plan, budget b)
{
    for (auto const& e : estimate_journal(plan))
        if (e.what == b)
            return e;
    FAIL("no estimate");
    return {};
}

} // namespace

TEST_CASE("journal_estimate: the example plant is within a factor of two of what was measured on it",
          "[control][journal_estimate]")
{
    auto const plan = example();
    auto const measured = [&](budget b, double bytes_a_day) {
        auto const e = estimate_of(plan, b);
        CHECK(e.bytes_a_day > bytes_a_day / 2);
        CHECK(e.bytes_a_day < bytes_a_day * 2);
    };
    // bench/journal/measure, quoted in docs/journal-format.md
    measured(budget::readings, 32.8e6);
    measured(budget::minutes, 7.2e6 + 1.3e6);
}

TEST_CASE("journal_estimate: a budget holds until its limit or its age lets the oldest go",
          "[control][journal_estimate]")
{
    using namespace std::chrono_literals;
    auto plan = example();
    plan.site.journal.size = 1'000'000'000;
    auto const by_size = estimate_of(plan, budget::readings);
    REQUIRE(by_size.days);
    CHECK(*by_size.days == Approx(1e9 / by_size.bytes_a_day));
    plan.site.journal.age = 24h;
    CHECK(*estimate_of(plan, budget::readings).days == 1);
    auto const days = estimate_of(plan, budget::days);
    CHECK_FALSE(days.limit);
    CHECK_FALSE(days.days);
    CHECK(days.bytes_a_day < estimate_of(plan, budget::quarters).bytes_a_day);
}

TEST_CASE("journal_estimate: half the polls are half the readings", "[control][journal_estimate]")
{
    auto plan = example();
    auto const before = estimate_of(plan, budget::readings).bytes_a_day;
    for (auto& link : plan.links)
        for (auto& d : link.devices)
            for (auto& p : d.periods)
                p *= 2;
    CHECK(estimate_of(plan, budget::readings).bytes_a_day == Approx(before / 2));
}
