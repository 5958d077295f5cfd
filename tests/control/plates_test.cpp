#include "agent/control/plant_of.hpp"
#include "agent/control/plate_notes.hpp"
#include "tests/settings/site_text.hpp"

#include "tests/config/temporary_folder.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using kilnwatt::test::temporary_folder;

namespace {

constexpr auto plated = R"(schema = 1
site = {name = "Plant", timezone = "UTC"}
[[mqtt]]
name = "mes"
url = "mqtt://b"
[[device]]
name = "heat"
link = "tcp://192.0.2.1"
profile = "eastron_sdm630"
role = "waste_heat"
heat_meter = {flow_sensor = "return", minimum_flow = "300 l/h"}
flue_gas = {rated = "1.2 MW"}
[[device]]
name = "pump"
link = "tcp://192.0.2.2"
profile = "eastron_sdm630"
role = "load"
machine = {flow = "10 m3/min", mass_flow = "48 t/d"}
[[device]]
name = "line"
link = "tcp://192.0.2.3"
profile = "eastron_sdm630"
role = "production"
product = {rated = "20 t/h"}
[[device]]
name = "battery"
link = "tcp://192.0.2.4"
profile = "eastron_sdm630"
role = "battery"
battery = {capacity = "0.5 MWh"}
[[device]]
name = "roof"
link = "tcp://192.0.2.5"
profile = "eastron_sdm630"
role = "pv"
array = {rated = "300 kWp", inverter = "250 kW", orientation = "south", annual_module_temperature = "41 degC"}
[[production]]
name = "mes-line"
broker = "mes"
topic = "a/b"
unit = "t"
rated = "500 kg/h"
[tariff]
price = {flat = "0.65 CNY/kWh"}
day = [{periods = ["00:00 flat"]}]
baseline_demand = "1.48 MW"
demand_window = "block"
reading_day = 25
)";

} // namespace

TEST_CASE("plates: what a heat meter, a machine, a product and a battery are made for reaches the plant model",
          "[control][plates]")
{
    temporary_folder const folder;
    auto const loaded = settings::load_site(folder.write("site.toml", plated));
    REQUIRE(settings::lines(loaded) == settings::strings{});
    auto const m = control::plant_of(loaded.value);
    auto const& d = m.devices;
    REQUIRE(d.size() == 6);
    CHECK(d[0].minimum_flow == Approx(0.3));
    CHECK(d[0].flue_gas_rated_w == Approx(1.2e6));
    CHECK(d[1].rated_flow == Approx(600));
    CHECK(d[1].rated_mass_flow == Approx(2));
    CHECK(d[2].rated_mass_flow == Approx(20));
    CHECK(d[3].capacity_wh == Approx(500e3));
    CHECK(d[4].array->orientation == "south");
    CHECK(d[4].array->annual_module_temperature == Approx(41));
    CHECK(d[5].rated_mass_flow == Approx(0.5));
    CHECK(m.prices->baseline_demand_kw == Approx(1480));
    CHECK(m.prices->window == energy::demand_window::block);
    CHECK(m.prices->reading_day == 25);
}

TEST_CASE("plates: a plant with all its plates has no notes", "[control][plates]")
{
    temporary_folder const folder;
    auto const plan = control::plan_site(folder.write("site.toml", plated));
    REQUIRE(plan.found->empty());
    CHECK(control::plate_notes(plan).empty());
}

TEST_CASE("plates: an example plant has all its plates", "[control][plates]")
{
    for (auto const* name : {"ceramics-plant", "textile", "electronics", "savings/site"}) {
        auto const plan = control::plan_site(KILNWATT_SOURCE_DIR "/config/examples/" + std::string{name} + ".toml");
        for (auto const& n : control::plate_notes(plan))
            FAIL_CHECK(control::to_string(n));
    }
}

TEST_CASE("plates: what a heat meter without flue gas and a machine that counts nothing lack is no plate",
          "[control][plates]")
{
    temporary_folder const folder;
    std::string text = "schema = 1\nsite = {name = \"Plant\", timezone = \"UTC\"}\n";
    auto host = 1;
    for (auto const* point : {"flue_gas_flow\", unit = \"m3/h", "volume\", unit = \"m3", "mass\", unit = \"kg"})
        text += "[[device]]\nname = \"d" + std::to_string(host) + "\"\nlink = \"tcp://192.0.2." + std::to_string(host) +
                "\"\nrole = \"" + (host == 1 ? "kiln" : "load") + "\"\npoints = [{name = \"" + point +
                "\", address = 0, type = \"u32\"}]\n",
            ++host;
    auto const plan = control::plan_site(folder.write("site.toml", text));
    for (auto const& d : *plan.found)
        FAIL(config::to_string(d));
    std::vector<std::string> notes;
    for (auto const& n : control::plate_notes(plan))
        notes.push_back(n.device + ": " + n.figures);
    CHECK(notes == std::vector<std::string>{"d1: whr.recovery_rate and whr.recovery_eff have no floor",
                                            "d2: mach.sec has no floor", "d3: mach.sec_mass has no floor"});
}

TEST_CASE("plates: a product that is weighed has no floor without what the line is made for", "[control][plates]")
{
    temporary_folder const folder;
    std::string text = "schema = 1\nsite = {name = \"Plant\", timezone = \"UTC\"}\n"
                       "device = [{name = \"mill\", link = \"tcp://192.0.2.1\", profile = \"eastron_sdm630\"}]\n"
                       "[[mqtt]]\nname = \"mes\"\nurl = \"mqtt://b\"\n";
    for (auto const* unit : {"kg", "piece"})
        text += std::string{"[[production]]\nname = \"in-"} + unit + "\"\nbroker = \"mes\"\ntopic = \"a/" + unit +
                "\"\nunit = \"" + unit + "\"\n";
    auto const plan = control::plan_site(folder.write("site.toml", text));
    for (auto const& d : *plan.found)
        FAIL(config::to_string(d));
    auto const notes = control::plate_notes(plan);
    REQUIRE(notes.size() == 1);
    CHECK(control::to_string(notes[0]).ends_with(
        "site.toml:7:1: in-kg: tce.unit, co2.unit and kiln.sec have no floor; add rated = \"20 t/h\""));
}

TEST_CASE("plates: a role without its plate is noted with the figures that lack it and the key to add",
          "[control][plates]")
{
    temporary_folder const folder;
    std::string text = "schema = 1\nsite = {name = \"Plant\", timezone = \"UTC\"}\n";
    auto host = 1;
    for (auto const* role : {"pv", "motor", "transformer", "boiler", "waste_heat", "battery", "production", "load"})
        text += "[[device]]\nname = \"the-" + std::string{*role == 'w' ? "heat" : role} +
                "\"\nlink = \"tcp://192.0.2." + std::to_string(host++) + "\"\nprofile = \"eastron_sdm630\"\nrole = \"" +
                role + "\"\n";
    auto const notes = control::plate_notes(control::plan_site(folder.write("site.toml", text)));
    std::vector<std::string> devices;
    for (auto const& n : notes)
        devices.push_back(n.device);
    CHECK(devices ==
          std::vector<std::string>{"the-pv", "the-motor", "the-transformer", "the-boiler", "the-heat", "the-battery"});
    REQUIRE(notes.size() == 6);
    auto const line = control::to_string(notes[1]);
    CHECK(line.ends_with("the-motor: no motor.lf; motor.eta and drive.eta have no floor; add motor = {rated = "
                         "\"110 kW\", class = \"IE3\"}"));
    CHECK(line.find("site.toml:8:") != std::string::npos);
}
