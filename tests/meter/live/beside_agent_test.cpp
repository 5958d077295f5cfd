#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

using namespace kilnwatt::test;

/// The commands beside a running agent: what is queued between its polls, what needs a lease, and what is refused.
namespace {

struct beside_agent {
    bench b;

    beside_agent() { b.start_agent(); }

    told run(std::string const& command) const { return b.run(b.here(command) + " --socket control.sock"); }

    /// Events of the agent's journal, once it has stopped.
    std::string events()
    {
        b.agent().signal(SIGTERM);
        REQUIRE(b.agent().wait(std::chrono::seconds{20}) == 0);
        return b.run("kilnwatt journal export --all --json agent.db | grep event").out;
    }
};

constexpr auto queued = "requests are queued between its polls";

} // namespace

TEST_CASE_METHOD(beside_agent, "meter: read, watch and sunspec go through the agent, by name and by address",
                 "[meter][live]")
{
    for (auto const* const command :
         {"kilnwatt meter read grid-meter", "kilnwatt meter read tcp://localhost:15024 holding:19000+2",
          "kilnwatt meter read tcp://127.0.0.1:15024 -p janitza_umg96rm", "kilnwatt meter watch grid-meter --for 2s",
          "kilnwatt meter sunspec pv-roof-1", "kilnwatt meter sunspec tcp://127.0.0.1:15021"}) {
        INFO(command);
        auto const t = run(command);
        INFO(t.out << t.err);
        CHECK(t.code == 0);
        CHECK(has(t.err, queued));
        CHECK(t.out.size() > 90);
    }
    auto const elsewhere = run("kilnwatt meter read tcp://127.0.0.1:15026 holding:65+2"); // the agent has no such link
    INFO(elsewhere.err);
    CHECK(elsewhere.code == 0);
    CHECK(elsewhere.err.empty());
    auto const refused = run("kilnwatt meter read grid-meter holding:60000");
    CHECK(refused.code == 7);
    CHECK(has(refused.err, "exception 2"));
    CHECK_FALSE(has(b.agent_log(), "offline")); // guests never change a device's health
}

TEST_CASE_METHOD(beside_agent, "meter: scan, tune and record of the agent's link need a lease, and pause its polling",
                 "[meter][live]")
{
    std::vector<std::string> const commands{
        "kilnwatt meter scan tcp://127.0.0.1:15024 --units 1-2",
        "kilnwatt meter tune grid-meter holding:19000+20",
        "kilnwatt meter record grid-meter holding:19000+2 -o r.txt --for 1s",
    };
    for (auto const& command : commands) {
        INFO(command);
        auto const without = run(command);
        INFO(without.err);
        CHECK(without.code == 2);
        CHECK(has(without.err, "--lease 60s pauses its polling"));
        CHECK(without.out.empty());
        auto const leased = run(command + " --lease 60s");
        INFO(leased.err);
        CHECK(leased.code == 0);
        CHECK(has(leased.err, "pauses polling"));
    }
    CHECK(run(commands[0] + " --lease 601s").code == 2);
    auto const resumed = [this] { return has(b.agent_log(), "polling goes on: the lease is over"); };
    CHECK(eventually(resumed, std::chrono::seconds{20}));
    auto const told = events();
    INFO(told);
    CHECK(has(told, "polling_paused"));
    CHECK(has(told, "polling_resumed"));
}

TEST_CASE_METHOD(beside_agent, "meter: a lease ends with its command, also one that is killed", "[meter][live]")
{
    process scan{
        {KILNWATT_PROGRAM, "meter", "scan", b.here("tcp://127.0.0.1:15024"), "--lease", "600s", "--socket", b.socket()},
        "/dev/null"};
    CHECK(eventually([this] { return has(b.agent_log(), "polling is paused"); }, std::chrono::seconds{20}));
    scan.signal(SIGKILL);
    CHECK(eventually([this] { return has(b.agent_log(), "polling goes on"); }, std::chrono::seconds{20}));
}

TEST_CASE_METHOD(beside_agent, "meter: --direct asks no agent", "[meter][live]")
{
    auto const t = run("kilnwatt meter read tcp://127.0.0.1:15024 holding:19000+2 --direct");
    CHECK(t.code == 0);
    CHECK(t.err.empty());
    auto const scan = run("kilnwatt meter scan tcp://127.0.0.1:15024 --units 1 --direct");
    CHECK(scan.code == 0);
    CHECK_FALSE(has(b.agent_log(), "polling is paused"));
}

TEST_CASE_METHOD(beside_agent, "meter: a socket that is not for this user is one line that says what to do",
                 "[meter][live]")
{
    namespace fs = std::filesystem;
    auto const is_root = ::geteuid() == 0;
    std::string stranger;
    if (is_root) { // whom no mode stops: become nobody, with a program that nobody can reach
        fs::copy_file(KILNWATT_PROGRAM, b.folder().file("kilnwatt-copy"));
        fs::permissions(b.folder().path(), fs::perms{0755});
        stranger = "setpriv --reuid=65534 --regid=65534 --clear-groups ./kilnwatt-copy";
    } else {
        REQUIRE(::chmod(b.socket().c_str(), 0) == 0);
        stranger = KILNWATT_PROGRAM;
    }
    for (auto const* const what : {" meter read grid-meter", " meter read tcp://127.0.0.1:15024 holding:19000"}) {
        auto const t = b.run(b.here(stranger + what) + " --socket control.sock");
        INFO(t.err);
        CHECK(t.code == 1);
        CHECK(has(t.err, "control.sock: Permission denied; join its group"));
        CHECK(has(t.err, "--direct"));
        CHECK(std::count(t.err.begin(), t.err.end(), '\n') == 1);
    }
    CHECK(b.run(b.here(stranger + " meter read tcp://127.0.0.1:15024 holding:19000 --direct")).code == 0);
}

TEST_CASE_METHOD(beside_agent, "meter write: the agent writes the point that its site file opened, and nothing else",
                 "[meter][live]")
{
    auto const set = run("kilnwatt meter write pump vendor.set_point 45.5 --yes-write");
    INFO(set.out << set.err);
    CHECK(set.code == 0);
    CHECK(b.pump().holding(100) == 455);
    CHECK(has(set.err, queued));
    CHECK(has(set.err, "vendor.set_point: 10 -> 45.5 Hz (holding:100 0064 -> 01C7)"));
    CHECK(set.out == "what\told\tnew\tnow\tunit\nvendor.set_point\t10\t45.5\t45.5\tHz\n");

    auto const tried = b.pump().writes();
    CHECK(run("kilnwatt meter write pump vendor.set_point 50.1 --yes-write").code == 2);
    CHECK(has(run("kilnwatt meter write pump vendor.limit 5 --yes-write").err, "not open for writing"));
    CHECK(has(run("kilnwatt meter write pump vendor.setpoint 5 --yes").err, "did you mean 'vendor.set_point'?"));
    CHECK(has(run("kilnwatt meter write pv-roof-1 vendor.x 5 --yes-write").err, "SunSpec device is never written"));
    CHECK(has(run("kilnwatt meter write pump --raw holding:101 5 --yes-write").err, "--lease 60s"));
    auto const unasked = run("kilnwatt meter write pump vendor.set_point 20");
    CHECK(unasked.code == 2);
    CHECK(has(unasked.err, "nothing was written; --yes-write"));
    CHECK(run("kilnwatt meter write pump vendor.set_point 20 --dry-run").code == 0);

    // A client whose own file opens more is still refused by the agent.
    auto wider = read_text_file(b.site());
    wider.replace(wider.find("max = 50}"), 9, "max = 60}");
    b.folder().write("wider.toml", wider);
    auto const refused = run("kilnwatt meter write -c wider.toml pump vendor.set_point 55 --yes-write");
    INFO(refused.err);
    CHECK(refused.code == 7);
    CHECK(has(refused.err, "the agent refuses: vendor.set_point may be set to 0 to 50 Hz, not to 55"));
    CHECK(b.pump().writes() == tried);
    CHECK(b.pump().holding(100) == 455);

    auto const who = "set to 45.5 Hz by user " + std::to_string(::getuid());
    CHECK(has(b.agent_log(), "point pump.vendor.set_point was " + who));
    auto const told = events();
    INFO(told);
    CHECK(has(told, "point_written"));
    CHECK(has(told, who));
}
