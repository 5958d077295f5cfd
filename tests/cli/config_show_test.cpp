#include "agent/cli/commands.hpp"
#include "agent/cli/toml_text.hpp"
#include "config/table.hpp"
#include "tests/config/temporary_folder.hpp"
#include "tests/support/places.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <regex>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::cli;
using kilnwatt::test::temporary_folder;
namespace json = boost::json;

namespace {

struct shown {
    exit_code code;
    std::string out;
    std::string err;
};

shown show(std::string const& file, bool as_json = false, bool points = false)
{
    std::ostringstream out, err;
    auto const code = run_config_show({file, as_json, points}, {out, err});
    return {code, out.str(), err.str()};
}

std::string const example = KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml";

/// A site that says as little as a site can, in two files.
std::string smallest(temporary_folder const& folder)
{
    folder.write("sinks.toml", R"(
[[mqtt]]
name     = "scada"
url      = "mqtt://broker.example"
user     = "gateway"
password = "letmein"
[[mqtt]]
name     = "node"
url      = "mqtt://broker.example"
format   = "sparkplug"
user     = "gateway"
password = "env:KILNWATT_TEST_PASSWORD"
)");
    return folder.write("site.toml", R"(
schema  = 1
include = ["sinks.toml"]
[site]
name = "Plant 2"
[[device]]
name    = "meter"
link    = "tcp://192.0.2.7"
profile = "eastron_sdm630"
role    = "load"
)");
}

/// Keys of a "## [table]" of docs/configuration.md that have a value when nobody writes one.
std::vector<std::string> keys_with_defaults(std::string const& heading)
{
    std::vector<std::string> keys;
    std::ifstream page{KILNWATT_SOURCE_DIR "/docs/configuration.md"};
    std::regex const row{R"(\| `([a-z_]+)` \|[^|]*\| ([^|]*) \|.*)"};
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        std::smatch hit;
        if (line.starts_with("## "))
            inside = line == "## " + heading;
        else if (inside && std::regex_match(line, hit, row) && hit[2].str().starts_with("`"))
            keys.push_back(hit[1]);
    }
    REQUIRE_FALSE(keys.empty());
    return keys;
}

} // namespace

TEST_CASE("config show: what is printed is a site file that gives the same site again", "[cli][config]")
{
    temporary_folder const folder;
    ::setenv("KILNWATT_TEST_PASSWORD", "sesame", 1);
    bool const whole_plant = GENERATE(true, false);
    auto const file = whole_plant ? example : smallest(folder);
    auto const first = show(file);
    INFO(first.err << first.out);
    REQUIRE(first.code == exit_code::ok);
    auto const again = show(folder.write("again.toml", first.out));
    INFO(again.err);
    REQUIRE(again.code == exit_code::ok);
    CHECK(again.out == first.out);
}

TEST_CASE("config show: includes are joined, defaults filled in, secrets never shown", "[cli][config]")
{
    temporary_folder const folder;
    ::setenv("KILNWATT_TEST_PASSWORD", "sesame", 1);
    auto const file = smallest(folder);
    for (bool const as_json : {false, true}) {
        auto const all = show(file, as_json, true).out;
        for (std::string const secret : {"letmein", "sesame"})
            CHECK(all.find(secret) == std::string::npos);
    }
    auto const site = json::parse(show(file, true).out).as_object();
    CHECK_FALSE(site.contains("include"));
    CHECK(site.at("mqtt").at(0).at("password") == "(hidden)");
    CHECK(site.at("mqtt").at(1).at("password") == "env:KILNWATT_TEST_PASSWORD"); // where it is
    CHECK(site.at("mqtt").at(0).at("url") == "mqtt://broker.example:1883");
    CHECK(site.at("mqtt").at(0).at("root") == "energy/plant-2/gateway");
    CHECK(site.at("mqtt").at(1).at("group") == "plant-2");
    CHECK(site.at("mqtt").at(1).at("version") == "3.1.1");
    auto const& device = site.at("device").at(0).as_object();
    CHECK(device.at("unit") == 1); // of the profile
    CHECK(device.at("timing").at("response_timeout").is_string());
    CHECK(device.at("poll").as_object().size() >= 2);
    CHECK_FALSE(device.contains("points"));
    auto const points = json::parse(show(file, true, true).out).at("device").at(0).at("points").as_array();
    CHECK(points.size() > 20);
    CHECK(points.front().as_object().contains("address"));
}

TEST_CASE("config show: every key that has a default is shown", "[cli][config]")
{
    temporary_folder const folder;
    ::setenv("KILNWATT_TEST_PASSWORD", "sesame", 1);
    auto const site = json::parse(show(smallest(folder), true).out).as_object();
    auto const has_all = [](json::object const& shown, std::string const& heading,
                            std::vector<std::string> const& not_here = {}) {
        for (auto const& key : keys_with_defaults(heading)) {
            INFO(heading << ' ' << key);
            bool const expected = std::find(not_here.begin(), not_here.end(), key) == not_here.end();
            CHECK(shown.contains(key) == expected);
        }
    };
    has_all(site.at("site").as_object(), "[site]");
    has_all(site.at("journal").as_object(), "[journal]");
    has_all(site.at("journal").at("keep").as_object(), "[journal.keep]");
    has_all(site.at("energy").as_object(), "[energy]");
    has_all(site.at("energy").at("natural_gas").as_object(), "[energy.natural_gas]");
    has_all(site.at("device").at(0).at("timing").as_object(), "[timing]");
    has_all(site.at("device").at(0).as_object(), "[[device]]", {"carrier", "key"});
    has_all(site.at("mqtt").at(0).as_object(), "[[mqtt]]", {"datatype_in_data"});
    has_all(site.at("mqtt").at(1).as_object(), "[[mqtt]]", {"home_assistant", "root"});
    auto const plant = json::parse(show(example, true).out).as_object();
    has_all(plant.at("link").at(0).as_object(), "[[link]]");
}

TEST_CASE("config show: a file with mistakes is not shown, its mistakes are", "[cli][config]")
{
    auto const wrong = show(KILNWATT_SOURCE_DIR "/tests/bad_config/unknown_keys/site.toml");
    CHECK(wrong.code == exit_code::bad_config);
    CHECK(wrong.out.empty());
    CHECK_FALSE(wrong.err.empty());
}

TEST_CASE("toml_text: texts, numbers, lists and tables read back as they were", "[cli][toml_text]")
{
    json::object const all{{"text", "quote \" backslash \\ tab \t del \x7f \xc3\xa9"},
                           {"whole", 42},
                           {"real", 2.0},
                           {"flag", false},
                           {"words", {"a", "b"}},
                           {"nothing", nullptr},
                           {"table", {{"odd key", 1}, {"inner", {{"a", {1, 2}}}}}},
                           {"list", {json::object{{"n", 1}}, json::object{{"n", 2}}}}};
    auto const text = toml_text(all);
    INFO(text);
    auto const read = config::read_text(text, "t.toml");
    REQUIRE(read.found->empty());
    auto expected = all;
    expected.erase("nothing");
    CHECK(json::parse(read.root.as_json([](auto const& s) { return s; })) == json::value(expected));
}
