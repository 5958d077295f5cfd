#include "agent/cli/commands.hpp"
#include "agent/control/site_plan.hpp"
#include "agent/journal/journal.hpp"
#include "drivers/sunspec_chain.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace kilnwatt::cli;
namespace fs = std::filesystem;

namespace {

std::string read(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<fs::path> mistakes()
{
    std::vector<fs::path> folders;
    for (auto const& entry : fs::directory_iterator(KILNWATT_SOURCE_DIR "/tests/bad_config"))
        if (entry.is_directory())
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// Messages name further files by their whole path: the folder's own is left out, so that the texts hold anywhere.
std::string without_folder(std::string text, fs::path const& folder)
{
    auto const prefix = folder.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
        text.erase(at, prefix.size());
    return text;
}

/// The folder a command runs in, for a while: messages name files as the user gave them.
struct inside {
    fs::path before = fs::current_path();
    explicit inside(fs::path const& folder) { fs::current_path(folder); }
    ~inside() { fs::current_path(before); }
};

} // namespace

TEST_CASE("check: every folder of mistakes gives exactly its messages and exit code 3", "[cli][check]")
{
    auto const folders = mistakes();
    REQUIRE(folders.size() >= 40);
    for (auto const& folder : folders) {
        INFO(folder);
        inside const here{folder};
        std::ostringstream out;
        std::ostringstream err;
        CHECK(run_check({.file = "site.toml"}, {out, err}) == exit_code::bad_config);
        CHECK(without_folder(out.str(), folder) == read("message.txt"));
    }
}

TEST_CASE("check: run refuses exactly what check refuses", "[cli][check]")
{
    for (auto const& folder : mistakes()) {
        INFO(folder);
        inside const here{folder};
        std::ostringstream out;
        std::ostringstream err;
        CHECK(run_agent({.file = "site.toml"}, {out, err}) == exit_code::bad_config);
        auto const expected = read("message.txt");
        CHECK(without_folder(err.str(), folder).substr(0, expected.size()) == expected);
    }
}

TEST_CASE("check: the example plant has no mistake", "[cli][check]")
{
    std::ostringstream out;
    std::ostringstream err;
    auto const code = run_check({.file = KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml"}, {out, err});
    INFO(out.str());
    CHECK(code == exit_code::ok);
    CHECK(out.str().find("17 devices on 8 links") != std::string::npos);
    CHECK(out.str().find("\njournal\tMB a day\tlimit MB\tdays held\nreadings\t") != std::string::npos);
    CHECK(out.str().find("\tno limit\tfor ever\n") != std::string::npos);
    CHECK(err.str().empty());
}

TEST_CASE("check: --json gives one object a mistake", "[cli][check]")
{
    std::ostringstream out;
    std::ostringstream err;
    inside const here{KILNWATT_SOURCE_DIR "/tests/bad_config/schema_missing"};
    CHECK(run_check({.file = "site.toml", .json = true}, {out, err}) == exit_code::bad_config);
    CHECK(out.str().find(R"("line":)") != std::string::npos);
    CHECK(out.str().front() == '{');
}

TEST_CASE("check: a file that is not there is a mistake, not a crash", "[cli][check]")
{
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_check({.file = "/nowhere/site.toml"}, {out, err}) == exit_code::bad_config);
    CHECK(out.str().find("/nowhere/site.toml") != std::string::npos);
}

TEST_CASE("check: --plan lists every request and every link, assumed models marked so", "[cli][check]")
{
    std::ostringstream out;
    std::ostringstream err;
    check_options const options{.file = KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml", .plan = true};
    CHECK(run_check(options, {out, err}) == exit_code::ok);
    auto const text = out.str();
    CHECK(text.find("request\tkiln-line\tkiln-meter\tfast\t2000\t") != std::string::npos);
    CHECK(text.find("\tpv-roof-1\tfast\t1000\tholding\t") != std::string::npos);
    CHECK(text.find("\tassumed\n") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') > 60);
    std::size_t links = 0;
    for (auto at = text.find("\nlink\t"); at != std::string::npos; at = text.find("\nlink\t", at + 1))
        ++links;
    CHECK(links == 8);
    CHECK(err.str().empty());
}

TEST_CASE("check: --plan as JSON is one object a line", "[cli][check]")
{
    std::ostringstream out;
    std::ostringstream err;
    check_options const options{
        .file = KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml", .json = true, .plan = true};
    CHECK(run_check(options, {out, err}) == exit_code::ok);
    std::istringstream lines{out.str()};
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.front() == '{');
        CHECK(line.back() == '}');
    }
    CHECK(out.str().find(R"("utilisation":)") != std::string::npos);
}

TEST_CASE("check: --plan takes a SunSpec device's requests from the journal once its chain is known", "[cli][check]")
{
    auto const folder = fs::temp_directory_path() / ("kilnwatt-known-chain-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    auto const file = folder / "site.toml";
    std::ofstream{file} << "schema = 1\nsite = {name = \"Plant\", timezone = \"UTC\"}\n"
                           "journal = {path = \"journal.db\"}\n"
                           "[[device]]\nname = \"pv\"\nlink = \"tcp://192.0.2.7\"\nprofile = \"sunspec\"\n";
    auto const planned = [&] {
        std::ostringstream out, err;
        CHECK(run_check({.file = file.string(), .plan = true}, {out, err}) == exit_code::ok);
        CHECK(err.str().empty());
        return out.str();
    };
    CHECK(planned().find("\tassumed\n") != std::string::npos);
    {
        namespace sunspec = kilnwatt::drivers::sunspec;
        constexpr std::array<sunspec::wanted_model, 2> models{{{1, 0}, {111, 0}}};
        auto const what = kilnwatt::control::plan_site(file.string()).links.at(0).devices.at(0).device.what();
        auto const known = kilnwatt::drivers::to_text({.chain = sunspec::lay_out(50'000, models)}, what);
        std::string why;
        auto store = kilnwatt::journal::journal::open({.path = (folder / "journal.db").string()}, {}, why);
        REQUIRE(store.has_value());
        (*store)->start();
        (*store)->save_memory("pv", known);
        (*store)->stop();
    }
    auto const text = planned();
    CHECK(text.find("assumed") == std::string::npos);
    CHECK(text.find("\tholding\t5007") != std::string::npos); // model 111 follows the common block of 66 registers
    fs::remove_all(folder);
}
