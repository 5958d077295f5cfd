#include "agent/control/site_plan.hpp"
#include "tests/config/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using kilnwatt::test::temporary_folder;

namespace {

/// A press with these tables below it in the site file.
control::site_plan press_with(std::string const& tables)
{
    temporary_folder const folder;
    return control::plan_site(folder.write("site.toml", R"(schema = 1
site = {name = "Plant", timezone = "UTC"}
[[device]]
name = "press"
link = "tcp://192.0.2.7"
role = "load"
points = [
  {name = "active_energy_import", address = 0, type = "u32", unit = "kWh"},
  {name = "active_power", address = 2, type = "u16", unit = "W"},
]
)" + tables));
}

} // namespace

TEST_CASE("alarm_rules: a formula of the site can have a limit, in its own unit and period", "[control][alarm]")
{
    auto const plan = press_with(R"([[kpi]]
name = "press.load_share"
formula = "press.e / site.e_load"
unit = "%"
from = "1 h"
[[alarm]]
name = "press-share"
kpi = "press.load_share"
above = "80 %"
[[alarm]]
name = "press-power"
kpi = "press.p"
above = "50 kW"
)");
    for (auto const& d : *plan.found)
        FAIL(config::to_string(d));
    REQUIRE(plan.alarms.size() == 2);
    CHECK(plan.alarms[0].column == "press.load_share");
    CHECK(plan.alarms[0].from == stream::kpi_1h);
    CHECK(plan.alarms[0].unit == "%");
    CHECK(plan.alarms[0].when.limit == 80.0);
    CHECK(plan.alarms[1].from == stream::kpi_1m);
    CHECK(plan.alarms[1].unit == "kW");
}

TEST_CASE("alarm_rules: a figure that the plant cannot have is refused, with what is missing", "[control][alarm]")
{
    auto const plan = press_with(R"([[alarm]]
name = "sun"
kpi = "pv.p"
above = "50 kW"
[[alarm]]
name = "wrong"
kpi = "press.pr"
above = 1
[[alarm]]
name = "point"
kpi = "press.active_energy_import"
above = "1 kWh"
)");
    REQUIRE(plan.found->size() == 3);
    CHECK((*plan.found)[0].message == "this plant has no figure 'pv.p'");
    CHECK((*plan.found)[1].message == "there is no figure 'press.pr'");
    CHECK((*plan.found)[2].message == "there is no figure 'press.active_energy_import'");
}
