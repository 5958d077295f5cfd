#include "bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt::test;

TEST_CASE("meter write: without an agent the link is opened here, and libmodbus takes each function", "[meter][live]")
{
    bench const b;
    auto const raw = [&](std::string const& rest) {
        return b.run(b.here("kilnwatt meter write tcp://127.0.0.1:15041 --raw " + rest));
    };
    auto const point = b.run("kilnwatt meter write -c site.toml pump vendor.set_point 12.3 --yes-write --json");
    INFO(point.out << point.err);
    CHECK(point.code == 0);
    CHECK(b.pump().holding(100) == 123);
    CHECK(has(point.out, R"("old":1E1,"new":1.23E1,"now":1.23E1,"unit":"Hz")"));

    CHECK(raw("holding:7 0xFFFE --yes-write").code == 0);
    CHECK(b.pump().holding(7) == 0xFFFE);
    CHECK(raw("holding:8 -3 --yes-write --multiple").code == 0);
    CHECK(b.pump().holding(8) == 0xFFFD);
    auto const three = raw("holding:20 1 2 3 --yes-write");
    INFO(three.err);
    CHECK(three.out == "what\told\tnew\tnow\tunit\nholding:20\t0014 0015 0016\t0001 0002 0003\t0001 0002 0003\t\n");
    CHECK(raw("coils:3 1 --yes").code == 0);
    CHECK(raw("coils:4 1 0 1 --yes").code == 0);
    CHECK(b.pump().coil(3));
    CHECK(b.pump().coil(4));
    CHECK_FALSE(b.pump().coil(5));
    CHECK(b.pump().writes() == 6);
}

TEST_CASE("meter write: what cannot or may not be written is one line, and nothing is sent", "[meter][live]")
{
    bench const b;
    struct failing {
        std::string command;
        int code;
        std::string says;
    };
    auto const raw = b.here("kilnwatt meter write tcp://127.0.0.1:15041 --yes-write ");
    std::vector<failing> const cases{
        {raw + "vendor.set_point 5", 2, "--raw writes registers"},
        {raw + "--raw input:5 1", 2, "no way to write"},
        {raw + "--raw holding:5 65536", 2, "is no register"},
        {raw + "--raw coils:5 2", 2, "is no coil"},
        {raw + "--raw holding:5+3 1 2", 2, "2 values do not fit"},
        {raw + "--raw holding:5000 1", 7, "does not have address 5000"},
        {"kilnwatt meter write -c site.toml --yes pump vendor.set_point fast", 2, "is no value"},
        {"kilnwatt meter write -c site.toml --yes pump vendor.set_point 51", 2, "may be set to 0 to 50 Hz, not to 51"},
        {"kilnwatt meter write -c site.toml --yes kiln-meter voltage_l1 5", 2, "voltage_l1 is not open for writing"},
    };
    for (auto const& f : cases) {
        INFO(f.command);
        auto const t = b.run(f.command);
        INFO(t.out << t.err);
        CHECK(t.code == f.code);
        CHECK(has(t.err, f.says));
        CHECK(std::count(t.err.begin(), t.err.end(), '\n') == 1);
    }
    CHECK(b.pump().writes() == 0);
}
