#include "agent/energy/energy_stage.hpp"

#include "tests/support/plant_feed.hpp"
#include "tests/support/allocation_count.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

TEST_CASE("energy_stage: folding a reading allocates nothing once its layout is known", "[energy][energy_stage]")
{
    plant_model m;
    m.devices.resize(1);
    m.devices[0].name = "meter";
    m.devices[0].what = role::grid;
    energy_stage s{m};
    source const meter{"meter",
                       {"active_power", "voltage", "frequency", "active_energy_import", "active_energy_export"}};
    std::vector<row> rows;
    for (int i = 0; i < 50; ++i)
        rows.push_back(meter.at(16'000 + i * 1'000, {1e3 + i, 400, 50, 1e6 + i, 0}));
    s.fold(rows.front());
    auto const before = kilnwatt::test::allocations();
    for (auto const& r : rows)
        s.fold(r);
    CHECK(before > 0);
    CHECK(kilnwatt::test::allocations() == before);
}
