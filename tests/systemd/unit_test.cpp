#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>

using namespace kilnwatt::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct outcome {
    int code;
    std::string output;
};

outcome run(std::vector<std::string> argv, scratch_folder const& scratch)
{
    auto const log = scratch.file("output");
    fs::remove(log);
    process p{std::move(argv), log};
    auto const code = p.wait(60s);
    return {code, read_text_file(log)};
}

/// The package as `cmake --install` with DESTDIR leaves it.
fs::path installed(scratch_folder const& scratch)
{
    auto const root = scratch.file("root");
    auto const done = run({"env", "DESTDIR=" + root, "cmake", "--install", KILNWATT_BUILD_DIR, "--prefix", "/usr"}, scratch);
    INFO(done.output);
    REQUIRE(done.code == 0);
    return root;
}

} // namespace

TEST_CASE("systemd: the installed tree has the program, the unit, the user, the profiles and an example", "[systemd]")
{
    scratch_folder const scratch;
    auto const root = installed(scratch);
    for (auto const* file : {"usr/bin/kilnwatt", "usr/lib/systemd/system/kilnwatt.service", "usr/lib/sysusers.d/kilnwatt.conf",
                             "usr/lib/tmpfiles.d/kilnwatt.conf", "usr/share/kilnwatt/devices/janitza_umg96rm.toml",
                             "usr/share/kilnwatt/examples/ceramics-plant.toml"}) {
        INFO(file);
        CHECK(fs::exists(root / file));
    }
    auto const checked = run({(root / "usr/bin/kilnwatt").string(), "check",
                              (root / "usr/share/kilnwatt/examples/ceramics-plant.toml").string()},
                             scratch);
    INFO(checked.output);
    CHECK(checked.code == 0);
}

TEST_CASE("systemd: the unit passes systemd-analyze verify", "[systemd]")
{
    scratch_folder const scratch;
    auto const root = installed(scratch);
    // The program is where DESTDIR put it, not where it will be.
    auto unit = read_text_file((root / "usr/lib/systemd/system/kilnwatt.service").string());
    std::string const program = "/usr/bin/kilnwatt";
    REQUIRE(unit.find(program) != std::string::npos);
    unit.replace(unit.find(program), program.size(), (root / "usr/bin/kilnwatt").string());
    auto const verified = run({"systemd-analyze", "verify", "--man=no", scratch.write("kilnwatt.service", unit)}, scratch);
    INFO(verified.output);
    CHECK(verified.code == 0);
    CHECK(verified.output.find("kilnwatt.service:") == std::string::npos);
}

TEST_CASE("systemd: the unit's exposure is 2.0 or less", "[systemd]")
{
    scratch_folder const scratch;
    auto const unit = (installed(scratch) / "usr/lib/systemd/system/kilnwatt.service").string();
    auto const rated = run({"systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20", unit}, scratch);
    INFO(rated.output);
    CHECK(rated.code == 0);
    CHECK(rated.output.find("Overall exposure level") != std::string::npos);
}
