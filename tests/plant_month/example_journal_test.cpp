#include "agent/energy/energy_stage.hpp"
#include "agent/journal/journal.hpp"
#include "ceramics_feed.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace kilnwatt;
using namespace kilnwatt::plant_month;
using namespace std::chrono_literals;

/// Hidden: fills KILNWATT_EXAMPLE_JOURNAL with a month of the plant of the site file KILNWATT_EXAMPLE_SITE, for the
/// picture in docs/reports.md.
TEST_CASE("example: a month of the ceramics plant in a journal of its own", "[.][example]")
{
    auto const* path = std::getenv("KILNWATT_EXAMPLE_JOURNAL");
    auto const* site = std::getenv("KILNWATT_EXAMPLE_SITE");
    REQUIRE(path != nullptr);
    REQUIRE(site != nullptr);
    std::string why;
    auto j = journal::journal::open({.path = path}, plant_clock{}, why);
    INFO(why);
    REQUIRE(j.has_value());
    (*j)->start();
    utc_time const start{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} - 8h};
    ceramics_feed feed{7, start, 20s};
    energy::energy_stage stage{ceramics_model(site)};
    while (feed.now() < start + 31 * 24h + 10min) {
        feed.next_period([&](row&& r) { stage.fold(r); });
        for (auto& r : stage.advance(stamp_of(feed.now())))
            if (r.layout->kind != stream::window_1m && r.layout->kind != stream::kpi_1m)
                while (!(*j)->append(std::move(r)))
                    continue;
    }
    (*j)->stop();
}
