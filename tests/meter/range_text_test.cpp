#include "agent/meter/range_text.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::meter;

namespace {

drivers::read_range range(std::string const& text)
{
    std::string why;
    auto const r = range_of_text(text, why);
    INFO(why);
    REQUIRE(r);
    return *r;
}

std::string refusal(std::string const& text)
{
    std::string why;
    CHECK_FALSE(range_of_text(text, why));
    return why;
}

} // namespace

TEST_CASE("range_text: table and count may be left out", "[meter][range]")
{
    CHECK(range("19026") == drivers::read_range{modbus::table::holding_registers, 19026, 1});
    CHECK(range("input:0x34+2") == drivers::read_range{modbus::table::input_registers, 52, 2});
    CHECK(range("coils:0+16") == drivers::read_range{modbus::table::coils, 0, 16});
    CHECK(range("65535") == drivers::read_range{modbus::table::holding_registers, 65535, 1});
}

TEST_CASE("range_text: what is no range is refused with a reason", "[meter][range]")
{
    CHECK(refusal("holdings:1") == "'holdings' is no table; choose holding, input, coils or discrete");
    CHECK(refusal("input:").find("no address") != std::string::npos);
    CHECK(refusal("1+").find("no address") != std::string::npos);
    CHECK(refusal("-1").find("no address") != std::string::npos);
    CHECK(refusal("65535+2").find("leaves the addresses") != std::string::npos);
    CHECK(refusal("1+0").find("leaves the addresses") != std::string::npos);
    CHECK(refusal("4294967296").find("no address") != std::string::npos);
}
