#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <memory>

using namespace kilnwatt::test;

TEST_CASE("meter scan: names the profile of meters on both kinds of server, behind a gateway and on a line",
          "[meter][live]")
{
    bench const b;
    auto const grid = b.run(b.here("kilnwatt meter scan tcp://127.0.0.1:15024 --units 1-2"));
    INFO(grid.out << grid.err);
    CHECK(has(grid.out, "janitza_umg96rm")); // beside janitza_b23, which has the same registers
    auto const gateway = b.run(b.here("kilnwatt meter scan rtu+tcp://127.0.0.1:15031 --units 1-5 --timeout 200"));
    INFO(gateway.out << gateway.err);
    for (auto const* unit : {"\t1\t", "\t2\t", "\t3\t", "\t4\t"})
        CHECK(has(gateway.out, unit));
    CHECK_FALSE(has(gateway.out, "\t5\t"));
    CHECK(has(gateway.out, "eastron_sdm630"));
    auto const sunspec = b.run(b.here("kilnwatt meter scan tcp://127.0.0.1:15021 --units 1 --json"));
    CHECK(has(sunspec.out, "\"profile\":\"sunspec\""));
    CHECK(has(sunspec.out, "SunSpec models 1 103 120 160"));
}

TEST_CASE("meter scan: Ctrl-C ends it with what was found, and the bar says how far it is", "[meter][live]")
{
    bench const b;
    auto const command = b.here("'" KILNWATT_PROGRAM "' meter scan rtu+tcp://127.0.0.1:15031 --timeout 60000");
    auto const script =
        b.folder().write("scan.sh", "echo $$ >'" + b.folder().file("pid") + "'\nexec " + command + "\n");
    auto const seen = b.folder().file("terminal.txt");
    process terminal{{"script", "-qefc", "sh '" + script + "'", seen}, "/dev/null"};
    auto const waits = [&] { return has(read_text_file(seen), "] "); };
    REQUIRE(eventually(waits, std::chrono::seconds{20}));
    // Units 1 to 4 answer; the fifth would keep the scan for a minute.
    REQUIRE(eventually([&] { return has(read_text_file(seen), "unit 5, 4 found"); }, std::chrono::seconds{20}));
    ::kill(std::stoi(read_text_file(b.folder().file("pid"))), SIGINT);
    CHECK(terminal.wait(std::chrono::seconds{20}) == 9);
    auto const text = read_text_file(seen);
    INFO(text);
    CHECK(has(text, "not identified: the scan was ended"));
    CHECK(has(text, "1 % unit 5, 4 found"));
    for (auto const* unit : {" 1  exception 2", " 2  exception 2", " 3  exception 2", " 4  exception 2"})
        CHECK(has(text, unit));
}

TEST_CASE("meter scan: a unit that keeps silent about holding registers is found by its input registers",
          "[meter][live]")
{
    bench const b;
    b.folder().write("shy.txt", "0.000 7 holding 0 1: ! silence\n0.010 7 input 0 1: 0102\n");
    auto const port = std::to_string(free_port());
    process const server{{KILNWATT_PROGRAM, "meter", "replay", b.folder().file("shy.txt"), "--port", port},
                         "/dev/null"};
    auto const ask = "kilnwatt meter scan tcp://127.0.0.1:" + port + " --units 6-8 --timeout 50";
    told found;
    auto const answers = [&] { return (found = b.run(ask)).code != 6; };
    REQUIRE(eventually(answers, std::chrono::seconds{10}));
    INFO(found.out << found.err);
    CHECK(found.code == 0);
    CHECK(has(found.out, "\t7\tvalues\t"));
}

TEST_CASE("meter scan: a bare host is tried on the usual ports, and closed ones are no error", "[meter][live]")
{
    bench const b;
    std::unique_ptr<register_server> usual;
    try {
        usual = std::make_unique<register_server>(5502);
    } catch (std::exception const&) {
        WARN("port 5502 is taken on this machine");
        return;
    }
    auto const t = b.run("kilnwatt meter scan 127.0.0.1 --units 1 --timeout 200");
    INFO(t.out << t.err);
    CHECK(t.code == 0);
    CHECK(has(t.out, "tcp://127.0.0.1:5502\t1\tvalues"));
}

TEST_CASE("meter scan: a device that answers every unit number alike is shown once", "[meter][live]")
{
    bench const b;
    auto const t = b.run(b.here("kilnwatt meter scan tcp://127.0.0.1:15041 --units 1-247 --timeout 200"));
    INFO(t.out << t.err);
    CHECK(t.code == 0);
    CHECK(has(t.err, "gives every unit number the same answer; one is shown"));
    CHECK(std::count(t.out.begin(), t.out.end(), '\n') == 2);
}
