#include "agent/settings/read_site.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>

using namespace kilnwatt;

namespace {

using keys = std::set<std::string>;

/// A site in which every table there is has one key that cannot be meant for any other.
constexpr auto every_table = R"(
schema = 1
qqqqqqqqqqqq = 1
[site]
name = "Plant"
location = {qqqqqqqqqqqq = 1}
qqqqqqqqqqqq = 1
[profiles]
qqqqqqqqqqqq = 1
[journal]
keep = {qqqqqqqqqqqq = 1}
qqqqqqqqqqqq = 1
[energy]
natural_gas = {qqqqqqqqqqqq = 1}
carrier = [{name = "diesel", qqqqqqqqqqqq = 1}]
emissions = {qqqqqqqqqqqq = 1, grid = [{qqqqqqqqqqqq = 1}]}
qqqqqqqqqqqq = 1
[tariff]
price = {qqqqqqqqqqqq = 1}
ratio = {qqqqqqqqqqqq = 1}
day = [{qqqqqqqqqqqq = 1}]
qqqqqqqqqqqq = 1
[[kpi]]
name = "a.b"
floor = [{qqqqqqqqqqqq = 1}]
qqqqqqqqqqqq = 1
[[production]]
name = "p"
qqqqqqqqqqqq = 1
[[target]]
name = "x"
qqqqqqqqqqqq = 1
[[link]]
name = "line"
url = "tcp://192.0.2.7"
timing = {qqqqqqqqqqqq = 1}
qqqqqqqqqqqq = 1
[[device]]
name = "a"
link = "line"
profile = "x"
poll = {qqqqqqqqqqqq = 1}
ratio = {qqqqqqqqqqqq = 1}
array = {qqqqqqqqqqqq = 1}
motor = {qqqqqqqqqqqq = 1}
boiler = {qqqqqqqqqqqq = 1}
heat_meter = {qqqqqqqqqqqq = 1}
flue_gas = {qqqqqqqqqqqq = 1}
machine = {qqqqqqqqqqqq = 1}
product = {qqqqqqqqqqqq = 1}
battery = {qqqqqqqqqqqq = 1}
kiln = {qqqqqqqqqqqq = 1}
transformer = {qqqqqqqqqqqq = 1}
qqqqqqqqqqqq = 1
[[mqtt]]
name = "b"
url = "mqtts://b"
tls = {qqqqqqqqqqqq = 1}
qqqqqqqqqqqq = 1
[[alarm]]
name = "c"
qqqqqqqqqqqq = 1
)";

/// The keys that each table knows, as its own message lists them. Tables by heading: "site", "device.poll", "".
std::map<std::string, keys> known_keys()
{
    auto const loaded = settings::read_site(config::read_text(every_table, "site.toml"));
    std::map<std::string, keys> known;
    std::string const lead = "known here: ";
    for (auto const& d : *loaded.found) {
        if (!d.remedy.starts_with(lead))
            continue;
        auto heading = std::regex_replace(d.key, std::regex{R"(\[\d+\]|\.?qqqqqqqqqqqq)"}, "");
        if (heading.ends_with("timing"))
            heading = "timing";
        auto& table = known[heading];
        std::regex const word{"[a-z_]+"};
        for (std::sregex_iterator at{d.remedy.begin() + static_cast<std::ptrdiff_t>(lead.size()), d.remedy.end(), word},
             end;
             at != end; ++at)
            table.insert(at->str());
    }
    known[""].insert("include"); // of files only
    return known;
}

/// The first column of the tables under each "## [heading]".
std::map<std::string, keys> documented_keys()
{
    std::map<std::string, keys> documented;
    std::ifstream page{KILNWATT_SOURCE_DIR "/docs/configuration.md"};
    std::regex const heading{R"(## \[+([a-z_.]+)\]+)"};
    std::regex const row{R"(\| `([a-z_]+)` \|.*)"};
    std::string section;
    for (std::string line; std::getline(page, line);) {
        std::smatch hit;
        if (std::regex_match(line, hit, heading))
            section = hit[1];
        else if (line.starts_with("## "))
            section = "";
        else if (std::regex_match(line, hit, row))
            documented[section].insert(hit[1]);
    }
    return documented;
}

} // namespace

TEST_CASE("documentation: docs/configuration.md lists the keys of each table, all of them and no other",
          "[settings][documentation]")
{
    auto const known = known_keys();
    auto const documented = documented_keys();
    CHECK(known.size() == 37);
    for (auto const& [table, expected] : known) {
        INFO("table [" << table << "]");
        REQUIRE(documented.contains(table));
        CHECK(documented.at(table) == expected);
    }
    CHECK(documented.size() == known.size());
}
