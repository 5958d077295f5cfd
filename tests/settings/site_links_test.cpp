#include "tests/config/temporary_folder.hpp"
#include "tests/settings/site_text.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace kilnwatt;
using namespace kilnwatt::settings;
using kilnwatt::test::temporary_folder;

TEST_CASE("load_site: devices with one address share one link, however it is written", "[settings][load_site]")
{
    temporary_folder const folder;
    auto const device = [](std::string const& name, std::string const& link, int unit) {
        return "[[device]]\nname = \"" + name + "\"\nlink = \"" + link +
               "\"\nprofile = \"x\"\nunit = " + std::to_string(unit) + "\n";
    };
    auto const loaded = load_site(
        folder.write("site.toml", head + "[[link]]\nname = \"gw\"\nurl = \"tcp://gateway.plant:502\"\n" +
                                      device("a", "gw", 1) + device("b", "tcp://Gateway.plant", 2) +
                                      device("c", "tcp://192.0.2.7", 1) + device("d", "tcp://192.0.2.7:502", 2)));
    REQUIRE(lines(loaded) == strings{});
    auto const& s = loaded.value;
    REQUIRE(s.links.size() == 2);
    CHECK(s.links[0].name == "gw");
    CHECK(s.links[1].name.empty());
    CHECK(s.devices[1].link == 0);
    CHECK(s.devices[2].link == 1);
    CHECK(s.devices[3].link == 1);
}

TEST_CASE("load_site: a serial port behind two names is one line", "[settings][load_site]")
{
    temporary_folder const folder;
    folder.write("ttyUSB0", "");
    std::filesystem::create_symlink(folder.path("ttyUSB0"), folder.path("usb-FTDI-if00"));
    auto const loaded = load_site(folder.write(
        "site.toml", head + "[[link]]\nname = \"line\"\nurl = \"serial://" + folder.path("ttyUSB0") + "\"\n" +
                         "[[device]]\nname = \"a\"\nprofile = \"x\"\nunit = 1\nlink = \"serial://" +
                         folder.path("usb-FTDI-if00") + "\"\n"));
    CHECK(lines(loaded) == strings{folder.path("site.toml") + ":11:8: device[1].link: is the same port as " +
                                   folder.path("ttyUSB0") + " of link 'line': write the path in one way"});
}

TEST_CASE("load_site: a link has a second address, and several requests under way", "[settings]")
{
    temporary_folder const folder;
    auto const loaded = load_site(folder.write("site.toml", R"(
schema = 1
site = {name = "Plant", timezone = "UTC"}
[[link]]
name = "gateway"
url = "tcp://192.0.2.7"
fallback = "tcp://GATEWAY-2:1502"
timing = {max_in_flight = 4}
[[device]]
name = "meter"
link = "tcp://192.0.2.7:502"
points = [{name = "active_power", address = 0, type = "u16", unit = "W"}]
)"));
    REQUIRE(lines(loaded) == strings{});
    auto const& l = loaded.value.links.at(0);
    REQUIRE(l.fallback.has_value());
    CHECK(l.fallback->url() == "tcp://gateway-2:1502");
    CHECK(l.timing.max_in_flight == 4);
    CHECK(loaded.value.devices.at(0).link == 0);
}
