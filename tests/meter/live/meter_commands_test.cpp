#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt::test;

TEST_CASE("meter record and replay: the replayed device says what the real one said", "[meter][live]")
{
    bench const b;
    auto const port = std::to_string(free_port());
    auto const r =
        b.run(b.here("kilnwatt meter record tcp://127.0.0.1:15026 holding:65+2 holding:60000+1 -o r.txt --for 1s"));
    INFO(r.err);
    REQUIRE(r.code == 0);
    auto const text = read_text_file(b.folder().file("r.txt"));
    CHECK(has(text, "1 holding 60000 1: ! exception 2"));
    auto const line = text.substr(text.find("1 holding 65 2: ") + 16, 9);
    process const server{{KILNWATT_PROGRAM, "meter", "replay", b.folder().file("r.txt"), "--port", port}, "/dev/null"};
    auto const ask = "kilnwatt meter read tcp://127.0.0.1:" + port;
    REQUIRE(eventually([&] { return b.run(ask + " holding:66").code == 0; }, std::chrono::seconds{10}));
    auto const again = b.run(ask + " holding:65+2");
    CHECK(has(again.out, line.substr(0, 4)));
    CHECK(has(again.out, line.substr(5, 4)));
    CHECK(b.run(ask + " holding:60000").code == 7);
}

TEST_CASE("meter: a failure is one line that says what to try", "[meter][live]")
{
    bench const b;
    auto const closed = "tcp://127.0.0.1:" + std::to_string(free_port());
    struct failing {
        std::string command;
        int code;
        std::string says;
    };
    std::vector<failing> const cases{
        {"kilnwatt meter read " + closed + " 0", 6, "is closed"},
        {b.here("kilnwatt meter read tcp://127.0.0.1:15024 60000"), 7, "does not have address 60000 (exception 2)"},
        {b.here("kilnwatt meter read rtu+tcp://127.0.0.1:15031 -u 9 --timeout 100 0"), 4, "unit 9 did not answer"},
        {"kilnwatt meter read serial:///dev/no-such-tty 0", 6, "no such serial port"},
        {"kilnwatt meter read 127.0.0.1 0", 2, "write tcp://127.0.0.1"},
        {b.here("kilnwatt meter sunspec tcp://127.0.0.1:15024"), 7, "SunSpec"},
        {"kilnwatt meter read -c " + b.site() + " nobody", 2, "has no device 'nobody'"},
        {"kilnwatt meter decode --frame 01 04 04", 8, "too few"},
        {"echo '4248 147B' | kilnwatt meter decode zz", 8, "is no register"},
        {"kilnwatt meter replay no-such-file", 1, "cannot be read"},
    };
    for (auto const& f : cases) {
        INFO(f.command);
        auto const t = b.run(f.command);
        INFO(t.out << t.err);
        CHECK(t.code == f.code);
        CHECK(has(t.err, f.says));
        CHECK(std::count(t.err.begin(), t.err.end(), '\n') == 1);
    }
}

TEST_CASE("meter read: a configured device is read by its name", "[meter][live]")
{
    bench const b;
    auto const t = b.run("kilnwatt meter read -c " + b.site() + " kiln-meter");
    INFO(t.out << t.err);
    CHECK(t.code == 0);
    CHECK(t.out.starts_with("point\tvalue\tunit\tquality\n"));
    CHECK(has(t.out, "\nfrequency\t"));
}
