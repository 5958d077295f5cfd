#include "agent/settings/site.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using namespace kilnwatt;

namespace {

/// Every folder of tests/bad_config is one kind of mistake; nothing lists them.
std::vector<std::string> mistakes()
{
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator{KILNWATT_SOURCE_DIR "/tests/bad_config"})
        if (entry.is_directory() && !fs::exists(entry.path() / "needs_profiles"))
            names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string content(fs::path const& path)
{
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

/// What is printed about a site file, with paths relative to its folder.
std::string messages(fs::path const& folder)
{
    auto const prefix = folder.string() + "/";
    auto const loaded = settings::load_site(prefix + "site.toml");
    std::string all;
    for (auto const& d : *loaded.found)
        all += to_string(d) + "\n";
    for (auto at = all.find(prefix); at != std::string::npos; at = all.find(prefix, at))
        all.erase(at, prefix.size());
    return all;
}

} // namespace

TEST_CASE("bad_config: every mistake has its message", "[settings][bad_config]")
{
    for (auto const* name : {"CREDENTIALS_DIRECTORY", "KILNWATT_STATE_DIR", "STATE_DIRECTORY"})
        ::unsetenv(name);
    auto const name = GENERATE(from_range(mistakes()));
    DYNAMIC_SECTION(name)
    {
        auto const folder = fs::path{KILNWATT_SOURCE_DIR "/tests/bad_config"} / name;
        auto const expected = content(folder / "message.txt");
        CHECK_FALSE(expected.empty());
        CHECK(messages(folder) == expected);
    }
}

TEST_CASE("bad_config: there are at least 45 kinds of mistake", "[settings][bad_config]")
{
    CHECK(mistakes().size() >= 45);
}
