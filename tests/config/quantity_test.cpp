#include "config/quantity.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kilnwatt::config;
using namespace std::chrono_literals;

TEST_CASE("quantity: a number and its unit are told apart", "[config][quantity]")
{
    struct row {
        std::string_view text;
        double number;
        std::string_view unit;
    };
    std::vector<row> const rows{
        {"300 kWp", 300, "kWp"},
        {"-0.35 %/K", -0.35, "%/K"},
        {"1000kVA", 1000, "kVA"},
        {"  5 kW  ", 5, "kW"},
        {"+2.5 m", 2.5, "m"},
        {"1e3 W", 1000, "W"},
        {"7", 7, ""},
        {"0.1229 kgce/kWh", 0.1229, "kgce/kWh"},
    };
    for (auto const& r : rows) {
        INFO(r.text);
        auto const q = split(r.text);
        REQUIRE(q.has_value());
        CHECK(q->number == r.number);
        CHECK(q->unit == r.unit);
    }
}

TEST_CASE("quantity: what is no finite number is nothing", "[config][quantity]")
{
    for (auto const* text : {"", " ", "kW", "nan W", "inf", "-inf W", "+-3 W", "++3", "1e999 W", ",5 W"}) {
        INFO(text);
        CHECK_FALSE(split(text).has_value());
    }
}

TEST_CASE("quantity: times are whole milliseconds of a known unit", "[config][quantity]")
{
    CHECK(parse_duration("250 ms") == 250ms);
    CHECK(parse_duration("1.5 s") == 1500ms);
    CHECK(parse_duration("10min") == 10min);
    CHECK(parse_duration("1 h") == 1h);
    CHECK(parse_duration("400 d") == 400 * 24h);
    CHECK(parse_duration("0.1 s") == 100ms);
    for (auto const* text : {"250", "250 MS", "1 sec", "0.5 ms", "1 m", "1e18 d", "s"}) {
        INFO(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
}

TEST_CASE("quantity: sizes are whole bytes of a known unit", "[config][quantity]")
{
    CHECK(parse_size("8 GiB") == 8ull << 30);
    CHECK(parse_size("500 MB") == 500'000'000);
    CHECK(parse_size("4096 B") == 4096);
    CHECK(parse_size("1.5 KiB") == 1536);
    for (auto const* text : {"8", "-1 B", "0.5 B", "8 gib", "1e30 TiB"}) {
        INFO(text);
        CHECK_FALSE(parse_size(text).has_value());
    }
}

TEST_CASE("quantity: a time or size is shown in its largest whole unit and reads back", "[config][quantity]")
{
    CHECK(show_duration(0ms) == "0 ms");
    CHECK(show_duration(1500ms) == "1500 ms");
    CHECK(show_duration(90s) == "90 s");
    CHECK(show_duration(24h) == "1 d");
    CHECK(show_size(8ull << 30) == "8 GiB");
    CHECK(show_size(500'000'000) == "500 MB");
    for (auto const value : {1ms, 999ms, 60'000ms, 3'600'001ms, 86'400'000ms})
        CHECK(parse_duration(show_duration(value)) == value);
}
