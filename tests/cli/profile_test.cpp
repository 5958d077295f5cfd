#include "agent/cli/commands.hpp"
#include "agent/cli/profile_skeleton.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::cli;

namespace {

struct outcome {
    exit_code code = exit_code::ok;
    std::string out, err;
};

template <class Run>
outcome ran(Run run, profile_options options, bool terminal = false)
{
    std::ostringstream out;
    std::ostringstream err;
    options.folders.insert(options.folders.begin(), KILNWATT_SOURCE_DIR "/config/devices");
    auto const code = run(options, streams{out, err, terminal});
    return {code, out.str(), err.str()};
}

/// Lines of a tab-separated text without its heading, cells by line.
std::vector<std::vector<std::string>> rows(std::string const& text)
{
    std::vector<std::vector<std::string>> all;
    std::istringstream in{text};
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        auto& row = all.emplace_back();
        std::istringstream cells{line};
        for (std::string cell; std::getline(cells, cell, '\t');)
            row.push_back(cell);
    }
    return all;
}

} // namespace

TEST_CASE("profile list: every shipped profile with kind, points, confidence, models and source", "[cli][profile]")
{
    auto const listed = ran(run_profile_list, {});
    CHECK(listed.code == exit_code::ok);
    CHECK(listed.err.empty());
    CHECK(listed.out.find("\nschneider_pm5000\tpower_meter\t31\tmedium\tSchneider PM5100 series, ") !=
          std::string::npos);
    CHECK(rows(listed.out).size() >= 35);
    auto const json = ran(run_profile_list, {.json = true});
    CHECK(json.out.find(R"({"profile":"sunspec","kind":"sunspec","points":null,"confidence":"high")") !=
          std::string::npos);
}

TEST_CASE("profile list: docs/devices.md has the same profiles and numbers", "[cli][profile][documentation]")
{
    std::map<std::string, std::string> documented;
    std::ifstream page{KILNWATT_SOURCE_DIR "/docs/devices.md"};
    std::regex const row{R"(\| `([a-z0-9_]+)` \| ([a-z_]+) \| ([0-9-]+) \| ([a-z]+) \|.*)"};
    for (std::string line; std::getline(page, line);)
        if (std::smatch hit; std::regex_match(line, hit, row))
            documented[hit[1]] = hit[2].str() + " " + hit[3].str() + " " + hit[4].str();
    std::map<std::string, std::string> shipped;
    for (auto const& r : rows(ran(run_profile_list, {}).out))
        if (std::ifstream{KILNWATT_SOURCE_DIR "/config/devices/" + r.at(0) + ".toml"})
            shipped[r.at(0)] = r.at(1) + " " + (r.at(2).empty() ? "-" : r.at(2)) + " " + r.at(3);
    CHECK(documented == shipped);
}

TEST_CASE("profile show: all points with the manual's numbers", "[cli][profile]")
{
    auto const shown = ran(run_profile_show, {.subject = "sungrow_sg"});
    CHECK(shown.code == exit_code::ok);
    CHECK(shown.out.find("active_energy\tinput\t5143\t2\tu32\tcdab\t100\tWh\tcounters\tyes\t5144\tgithub.com/") !=
          std::string::npos);
    CHECK(shown.err.find("confidence high") != std::string::npos);
    auto const omron = ran(run_profile_show, {.subject = "omron_e5cc"}, true);
    CHECK(omron.out.find("1 x 10^-vendor.decimal_point") != std::string::npos);
    auto const unknown = ran(run_profile_show, {.subject = "sungrow"});
    CHECK(unknown.code == exit_code::failure);
    CHECK(unknown.err.find("there is no 'sungrow': `kilnwatt profile list` shows all") != std::string::npos);
}

TEST_CASE("profile check: every mistake at once, and exit code 3", "[cli][profile]")
{
    test::scratch_folder const folder;
    auto const path = folder.write("meter.toml", R"(schema = 1
id     = "metre"
kind   = "power_meter"
source = "manual"
confidence = "sure"
points = [
  {name = "active_pwer", address = 70000, type = "u16", unit = "W"},
  {name = "voltage_l1", address = 1, type = "u17", unit = "A"},
]
)");
    auto const checked = ran(run_profile_check, {.subject = path});
    CHECK(checked.code == exit_code::bad_config);
    for (auto const* message : {"'metre' is not the name of the file", "confidence", "did you mean 'active_power'?",
                                "address", "type", "'A' does not fit voltage_l1"})
        CHECK(checked.out.find(message) != std::string::npos);
    CHECK(checked.err == path + ": 6 mistakes\n");
    CHECK(ran(run_profile_check, {.subject = folder.file("absent.toml")}).code == exit_code::bad_config);
}

TEST_CASE("profile new: the skeleton has no mistake, and a file is never overwritten", "[cli][profile]")
{
    test::scratch_folder const folder;
    auto const path = folder.write("acme_pm3.toml", profile_skeleton("acme_pm3"));
    auto const checked = ran(run_profile_check, {.subject = path});
    CHECK(checked.out == path + ": no mistake, 6 points\n");
    CHECK(checked.code == exit_code::ok);
    CHECK(ran(run_profile_new, {.subject = "acme_pm3", .to_stdout = true}).out == profile_skeleton("acme_pm3"));
    CHECK(ran(run_profile_new, {.subject = folder.file("acme_pm3")}).code == exit_code::usage); // no path
}
