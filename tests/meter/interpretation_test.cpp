#include "agent/meter/interpretation.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::meter;
using drivers::byte_order;
using drivers::point_type;

namespace {

interpretation one(std::vector<std::uint16_t> const& words, point_type t, byte_order o, std::uint16_t address = 0)
{
    auto const all = interpretations(words, 0);
    auto const at = std::find_if(all.begin(), all.end(), [&](interpretation const& i) {
        return i.type == t && i.order == o && i.address == address;
    });
    REQUIRE(at != all.end());
    return *at;
}

} // namespace

TEST_CASE("interpretation: a float frequency is plausible in its own word order only", "[meter][interpretation]")
{
    std::vector<std::uint16_t> const words{0x4248, 0x147B}; // 50.02
    auto const right = one(words, point_type::f32, byte_order::abcd);
    CHECK(as_number(right.shown) == Approx(50.02));
    CHECK(right.plausible);
    CHECK(right.why == "a mains frequency in Hz");
    CHECK_FALSE(one(words, point_type::f32, byte_order::cdab).plausible);
    CHECK(one({0x147B, 0x4248}, point_type::f32, byte_order::cdab).plausible);
}

TEST_CASE("interpretation: a scaled integer names its scale", "[meter][interpretation]")
{
    CHECK(one({5001}, point_type::u16, byte_order::abcd).why == "a mains frequency: 50.01 Hz with scale 0.01");
    CHECK(one({2304}, point_type::u16, byte_order::abcd).why ==
          "a phase voltage of 230 V mains: 230.4 V with scale 0.1");
}

TEST_CASE("interpretation: the register beside is looked at too", "[meter][interpretation]")
{
    auto const beside = one({0x0000, 0x4248, 0x147B}, point_type::f32, byte_order::abcd, 1);
    CHECK(beside.plausible);
}

TEST_CASE("interpretation: an empty low word points at the other order", "[meter][interpretation]")
{
    CHECK(one({0x0123, 0x0000}, point_type::u32, byte_order::abcd).why.find("other word order") != std::string::npos);
}

TEST_CASE("interpretation: text, sentinels and impossible digits are told", "[meter][interpretation]")
{
    auto const text = one({0x534D, 0x4120, 0x5342}, point_type::text, byte_order::abcd);
    CHECK(std::get<std::string>(text.shown) == "SMA SB");
    CHECK(text.plausible);
    CHECK(one({0xFFFF}, point_type::u16, byte_order::abcd).why == "often means \"not implemented\"");
    CHECK(one({0x8000}, point_type::i16, byte_order::abcd).why == "often means \"not implemented\"");
    CHECK(one({0x12AB}, point_type::bcd16, byte_order::abcd).why == "a digit above 9");
    CHECK(as_number(one({0x1234}, point_type::bcd16, byte_order::abcd).shown) == 1234);
}

TEST_CASE("interpretation: one register has one-register types only, none has nothing", "[meter][interpretation]")
{
    CHECK(interpretations({}, 7).empty());
    for (auto const& i : interpretations(std::vector<std::uint16_t>{1}, 65535)) {
        CHECK(i.address == 65535);
        CHECK((i.type == point_type::text || i.type == point_type::u16 || i.type == point_type::i16 ||
               i.type == point_type::f16 || i.type == point_type::bcd16));
    }
}
