#include "agent/settings/site.hpp"
#include "tests/config/temporary_folder.hpp"

#include <catch2/catch.hpp>

// The assertions of Sparkplug 3.0 about group, edge node and device ids: what would break them is refused before the
// agent starts. Each section has the id of the assertion without "tck-id-".

using namespace kilnwatt;
using namespace kilnwatt::settings;

namespace {

/// What is said about a site with these devices and sinks; "" = it can be run.
std::string complaints(std::vector<std::string> const& devices, std::vector<std::string> const& sinks)
{
    test::temporary_folder const folder;
    std::string text = "schema = 1\n[site]\nname = \"Plant 2\"\n";
    for (std::size_t i = 0; i < devices.size(); ++i)
        text += "[[device]]\nname = \"" + devices[i] + "\"\nlink = \"tcp://192.0.2." + std::to_string(i + 1) +
                "\"\nprofile = \"eastron_sdm630\"\n";
    for (std::size_t i = 0; i < sinks.size(); ++i)
        text += "[[mqtt]]\nname = \"s" + std::to_string(i) +
                "\"\nurl = \"mqtt://broker.example\"\nformat = \"sparkplug\"\n" + sinks[i] + "\n";
    auto const loaded = load_site(folder.write("site.toml", text));
    std::string all;
    for (auto const& d : *loaded.found)
        all += d.key + ' ' + d.message + '\n';
    return all;
}

void refuses(std::string const& key, std::string const& id)
{
    INFO(key << " = " << id);
    CHECK(complaints({"meter"}, {key + " = \"" + id + "\""}).find("mqtt[1]." + key + ' ') == 0);
}

void takes(std::string const& key, std::string const& id)
{
    CHECK(complaints({"meter"}, {key + " = \"" + id + "\""}).empty());
}

} // namespace

TEST_CASE("sparkplug conformance: ids in a site file", "[settings][sparkplug][conformance]")
{
    std::vector<std::string> const forbidden{"a+b", "a/b", "a#", "", "tab\\t", "nul\\u0000", std::string(129, 'x')};
    for (std::string const prefix : {"intro-group-id-chars", "topic-structure-namespace-valid-group-id"})
        DYNAMIC_SECTION(prefix)
        {
            takes("group", "Liling 陶瓷");
            for (auto const& id : forbidden)
                refuses("group", id);
            CHECK_FALSE(complaints({"meter"}, {"group = \"\xff\""}).empty()); // no UTF-8: no file
        }
    for (std::string const prefix : {"intro-edge-node-id-chars", "topic-structure-namespace-valid-edge-node-id"})
        DYNAMIC_SECTION(prefix)
        {
            takes("node", "Plant 2, north");
            for (auto const& id : forbidden)
                refuses("node", id);
            CHECK_FALSE(complaints({"meter"}, {"node = \"\xff\""}).empty()); // no UTF-8: no file
        }
    for (std::string const prefix : {"intro-device-id-chars", "topic-structure-namespace-valid-device-id"})
        DYNAMIC_SECTION(prefix)
        {
            CHECK(complaints({"pv-roof-1"}, {""}).empty());
            for (std::string const id : {"a+b", "a/b", "a#b", "Ofen", "1st", "ofen\xc3\xb6"})
                CHECK(complaints({id}, {""}).find("device[1].name ") == 0);
        }
    SECTION("case-sensitivity-sparkplug-ids") // devices have small letters only; of nodes the same holds at one broker
    {
        CHECK(complaints({"meter", "Meter"}, {""}).find("device[2].name ") == 0);
        CHECK(complaints({"meter"}, {"node = \"north\"", "node = \"North\""}).find("mqtt[2].node ") == 0);
        CHECK(complaints({"meter"}, {"node = \"north\"", "node = \"south\""}).empty());
    }
    for (std::string const id : {"intro-edge-node-id-uniqueness", "payloads-nbirth-edge-node-descriptor",
                                 "topic-structure-namespace-unique-edge-node-descriptor"})
        DYNAMIC_SECTION(id)
        {
            CHECK(complaints({"meter"}, {"", ""}).find("mqtt[2].node ") == 0);
            CHECK(complaints({"meter"}, {"", "group = \"Other\""}).empty());
        }
}
