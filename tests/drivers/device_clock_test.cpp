#include "drivers/decode.hpp"
#include "drivers/device_clock.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>
#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

using words = std::vector<std::uint16_t>;

point clock_of(point_type t, byte_order o = byte_order::abcd)
{
    point p;
    p.name = "vendor.clock";
    p.type = t;
    p.order = o;
    p.registers = registers_of(t);
    return p;
}

std::string shown(point const& p, words const& w)
{
    std::vector<std::string> texts;
    auto const c = decode(p, w, texts);
    return c.present ? texts.at(c.bits) : "absent:" + std::string{cause(c.q)};
}

} // namespace

TEST_CASE("device_clock: the three forms of a meter's date and time", "[drivers][decode]")
{
    CHECK(shown(clock_of(point_type::datetime_6), {2026, 6, 20, 8, 15, 59}) == "2026-06-20T08:15:59");
    CHECK(shown(clock_of(point_type::datetime_6), {26, 12, 31, 23, 59, 0}) == "2026-12-31T23:59:00");
    CHECK(shown(clock_of(point_type::datetime_3), {0x1A06, 0x1408, 0x0F3B}) == "2026-06-20T08:15:59");
    // Saturday in the high bits of the day, summer time in those of the hour
    CHECK(shown(clock_of(point_type::datetime_4), {0x001A, 0x06D4, 0x880F, 59'999}) == "2026-06-20T08:15:59");
    CHECK(shown(clock_of(point_type::datetime_3, byte_order::badc), {0x061A, 0x0814, 0x3B0F}) == "2026-06-20T08:15:59");
}

TEST_CASE("device_clock: what is no moment of the calendar is not supported", "[drivers][decode]")
{
    CHECK(shown(clock_of(point_type::datetime_6), {2026, 2, 29, 0, 0, 0}) == "absent:not_supported");
    CHECK(shown(clock_of(point_type::datetime_6), {2028, 2, 29, 0, 0, 0}) == "2028-02-29T00:00:00");
    CHECK(shown(clock_of(point_type::datetime_6), {2026, 6, 20, 24, 0, 0}) == "absent:not_supported");
    CHECK(shown(clock_of(point_type::datetime_6), {0, 0, 0, 0, 0, 0}) == "absent:not_supported");
    CHECK(shown(clock_of(point_type::datetime_3), {0xFFFF, 0xFFFF, 0xFFFF}) == "absent:not_supported");
    CHECK(shown(clock_of(point_type::datetime_4), {0, 0, 0, 0}) == "absent:not_supported");
    CHECK(shown(clock_of(point_type::datetime_4), {1, 2}) == "absent:communication");
}

TEST_CASE("device_clock: a moment survives the way there and back in every form and order", "[drivers][decode]")
{
    std::mt19937 random{20261126};
    auto const below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (auto const t : {point_type::datetime_3, point_type::datetime_4, point_type::datetime_6})
        for (auto const o : {byte_order::abcd, byte_order::badc})
            for (int i = 0; i < 300; ++i) {
                auto const text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", 2000 + below(100), 1 + below(12),
                                              1 + below(28), below(24), below(60), below(60));
                auto const p = clock_of(t, o);
                words w(p.registers);
                REQUIRE(encode_text(p, text, w));
                REQUIRE(shown(p, w) == text);
            }
    words w(6);
    CHECK_FALSE(encode_text(clock_of(point_type::datetime_6), "2026-13-01T00:00:00", w));
    CHECK_FALSE(encode_text(clock_of(point_type::datetime_6), "yesterday", w));
    REQUIRE(encode_missing(clock_of(point_type::datetime_6), w));
    CHECK(shown(clock_of(point_type::datetime_6), w) == "absent:not_supported");
}
