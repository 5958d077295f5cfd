#include "agent/energy/day_watch.hpp"
#include "agent/energy/energy_stage.hpp"
#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// Events `day_counter_mismatch` of two days of an inverter that gives 10 kW all day; its own counter of the day shows
/// `scale` times that and begins anew `late` ms after midnight.
std::size_t mismatches(double scale, instant late)
{
    constexpr instant day = 24 * hour;
    plant_model m;
    m.devices = {device("roof", role::pv)};
    source const roof{"roof", {"active_energy", "active_energy_day"}};
    energy_stage s{m};
    std::size_t found = 0;
    for (instant ms = 0; ms <= 2 * day + hour; ms += minute) {
        auto const wh = 10e3 * static_cast<double>(ms) / static_cast<double>(hour);
        auto const own = 10e3 * static_cast<double>((ms + day - late) % day) / static_cast<double>(hour);
        s.fold(roof.at(ms, {1e6 + wh, scale * own}));
        for (auto const& r : s.advance(time_at(ms + 500)))
            found += r.layout->kind == stream::event && text_of(r).find("day_counter_mismatch") != std::string::npos;
    }
    return found;
}

} // namespace

TEST_CASE("day_watch: a counter of the day that the lifetime counter confirms says nothing", "[energy][day_watch]")
{
    CHECK(mismatches(1, 0) == 0);
    CHECK(mismatches(1.015, 0) == 0);
    CHECK(mismatches(1, 10 * minute) == 0); // the inverter's clock is slow
    CHECK(mismatches(1, -10 * minute) == 0);
}

TEST_CASE("day_watch: one that is more than 2 % off is told once a day", "[energy][day_watch]")
{
    CHECK(mismatches(1.03, 0) == 2);
    CHECK(mismatches(0.1, 0) == 2);
}
