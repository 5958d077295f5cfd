#include "config/table.hpp"
#include "drivers/decode.hpp"
#include "drivers/point_write.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using modbus::write_function;
using words = std::vector<std::uint16_t>;

namespace {

/// As a site file lists it; what is wrong with it goes to `messages`.
std::vector<point> points_of(std::string list, std::vector<std::string>* messages = nullptr)
{
    std::replace(list.begin(), list.end(), '\n', ' '); // an inline table stands on one line
    auto doc = config::read_text("points = [" + list + "]", "site.toml");
    auto const found = read_points(doc.root, "points");
    for (auto const& d : *doc.found)
        if (messages != nullptr)
            messages->push_back(d.message);
        else
            FAIL(to_string(d));
    return found;
}

point set_point()
{
    return points_of(R"({name = "vendor.set_point", address = 100, type = "i16", scale = 0.1, unit = "Hz",
                         sentinels = 0x7FFF, writable = {min = -10, max = 50}})")[0];
}

point speed_limit()
{
    return points_of(R"({name = "vendor.limit", address = 7, type = "f32", order = "cdab", unit = "rpm",
                         writable = {min = 0, max = 1500}})")[0];
}

point relay()
{
    return points_of(R"({name = "vendor.relay", table = "coil", address = 3, writable = {min = 0, max = 1}})")[0];
}

} // namespace

TEST_CASE("point_write: a value becomes registers by the manual's rule", "[drivers][point_write]")
{
    std::string why;
    auto const w = write_of(set_point(), 45.5, false, why);
    REQUIRE(w);
    CHECK(w->how == write_function::holding_register);
    CHECK(w->address == 100);
    CHECK(w->values == words{455}); // 45.5 Hz at 0.1 Hz a step
    CHECK(w->value == 45.5);
    CHECK(write_of(set_point(), -10, false, why)->values == words{0xFF9C}); // two's complement of 100
    CHECK(write_of(set_point(), 45.5, true, why)->how == write_function::holding_registers);

    auto const real = write_of(speed_limit(), 1450, false, why);
    REQUIRE(real);
    CHECK(real->how == write_function::holding_registers);
    CHECK(real->values == words{0x4000, 0x44B5}); // 1450 = 44B54000, low word first

    auto const coil = write_of(relay(), 1, false, why);
    REQUIRE(coil);
    CHECK(coil->how == write_function::coil);
    CHECK(coil->values == words{1});
    CHECK(write_of(relay(), 1, true, why)->how == write_function::coils);
}

TEST_CASE("point_write: a value is rounded to the step, and never to a number outside the type",
          "[drivers][point_write]")
{
    std::string why;
    CHECK(write_of(set_point(), 45.52, false, why)->value == 45.5);
    auto wide = set_point();
    wide.writable = write_bounds{-10'000, 10'000};
    CHECK_FALSE(write_of(wide, 5'000, false, why)); // 50000 is no i16
    CHECK_THAT(why, Catch::Contains("i16") && Catch::Contains("0.1"));
    CHECK_FALSE(write_of(wide, 3276.7, false, why)); // the sentinel 0x7FFF
}

TEST_CASE("point_write: what the site file did not open, or not so far, is refused with a sentence",
          "[drivers][point_write]")
{
    std::string why;
    CHECK_FALSE(write_of(set_point(), 50.1, false, why));
    CHECK_THAT(why, Catch::Contains("-10 to 50 Hz") && Catch::Contains("50.1"));
    CHECK_FALSE(write_of(set_point(), std::nan(""), false, why));
    auto closed = set_point();
    closed.writable.reset();
    CHECK_FALSE(write_of(closed, 1, false, why));
    CHECK_THAT(why, Catch::Contains("not open for writing") && Catch::Contains("writable = {min"));
}

TEST_CASE("point_write: a request is known by the point it writes, and checked against its bounds",
          "[drivers][point_write]")
{
    auto const p = set_point();
    std::string why;
    words values{500};
    modbus::write_request request{1, write_function::holding_register, 100, values};
    CHECK(written_value(p, request, why) == 50.0);
    request.how = write_function::holding_registers;
    CHECK(written_value(p, request, why) == 50.0);
    CHECK(why.empty());

    for (std::uint16_t const beyond : words{501, 0xFF9B, 0x7FFF}) {
        values[0] = beyond;
        why.clear();
        CHECK_FALSE(written_value(p, request, why));
        CHECK_THAT(why, Catch::Contains("may be set to -10 to 50 Hz"));
    }
    values[0] = 500;
    why.clear();
    request.address = 101;
    CHECK_FALSE(written_value(p, request, why));
    request.address = 100;
    request.how = write_function::coil;
    CHECK_FALSE(written_value(p, request, why));
    words const two{0, 500};
    CHECK_FALSE(written_value(p, {1, write_function::holding_registers, 100, two}, why));
    auto closed = p;
    closed.writable.reset();
    CHECK_FALSE(written_value(closed, {1, write_function::holding_register, 100, values}, why));
    CHECK(why.empty()); // none of these is about this point
}

TEST_CASE("point_write: whatever is written is read back as the same value, and passes the check",
          "[drivers][point_write]")
{
    std::mt19937 random{7};
    for (auto const* const type : {"i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "bcd16", "bcd32"})
        for (auto const* const order : {"abcd", "cdab", "badc", "dcba"}) {
            auto const p = points_of(fmt::format(R"({{name = "vendor.x", address = 5, type = "{}", order = "{}",
                                                      scale = 0.01, writable = {{min = 0, max = 99.5}}}})",
                                                 type, order))[0];
            for (int i = 0; i < 100; ++i) {
                auto const v = std::uniform_real_distribution{0.0, 99.5}(random);
                std::string why;
                auto const w = write_of(p, v, false, why);
                INFO(type << ' ' << order << ' ' << v << ' ' << why);
                REQUIRE(w);
                CHECK(std::abs(w->value - v) <= 0.005 + 1e-9);
                CHECK(written_value(p, w->to(1), why) == w->value);
            }
        }
}

TEST_CASE("point_write: points that no write can be right for are refused where they are opened",
          "[drivers][point_write]")
{
    std::vector<std::string> messages;
    points_of(R"({name = "vendor.a", table = "input", address = 0, type = "u16", writable = {min = 0, max = 1}},
                 {name = "vendor.b", address = 1, type = "text", length = 2, writable = {min = 0, max = 1}},
                 {name = "vendor.c", address = 3, type = "u16", mask = 0x01, writable = {min = 0, max = 1}},
                 {name = "vendor.d", address = 4, type = "u16", exponent = "vendor.e", writable = {min = 0, max = 1}},
                 {name = "vendor.e", address = 5, type = "i16"},
                 {name = "vendor.f", address = 6, type = "u32", counter = true, writable = {min = 0, max = 1}},
                 {name = "vendor.g", address = 8, type = "u16", map = {1 = 2}, writable = {min = 0, max = 1}},
                 {name = "vendor.h", address = 9, type = "u8", writable = {min = 0, max = 1}})",
              &messages);
    REQUIRE(messages.size() == 7);
    for (auto const& m : messages)
        CHECK_THAT(m, Catch::Contains("cannot be opened"));
}
