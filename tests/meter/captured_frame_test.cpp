#include "agent/meter/captured_frame.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt::meter;

namespace {

std::vector<captured_frame> read(std::string const& hex)
{
    std::string why;
    auto const bytes = bytes_of_text(hex, why);
    REQUIRE(bytes);
    auto const frames = frames_of(*bytes, why);
    INFO(why);
    REQUIRE(frames);
    return *frames;
}

std::string refusal(std::string const& hex)
{
    std::string why;
    auto const bytes = bytes_of_text(hex, why);
    if (bytes) {
        CHECK_FALSE(frames_of(*bytes, why));
    }
    CHECK(why.find('\n') == std::string::npos);
    return why;
}

} // namespace

// The frames are those of the Modbus application protocol V1.1b3, 6.3, and of the serial line specification.
TEST_CASE("captured_frame: a TCP request and its answer", "[meter][frame]")
{
    auto const frames = read("0007 0000 0006 01 03 006B 0003  0007 0000 0009 01 03 06 022B 0000 0064");
    REQUIRE(frames.size() == 2);
    CHECK(to_string(frames[0]) ==
          "TCP request to unit 1: read holding registers (3), address 107, count 3, transaction 7");
    CHECK(to_string(frames[1]) == "TCP answer of unit 1: read holding registers (3), 3 registers, transaction 7");
    CHECK(frames[1].words == std::vector<std::uint16_t>{0x022B, 0x0000, 0x0064});
}

TEST_CASE("captured_frame: RTU frames are known by their checksum", "[meter][frame]")
{
    auto const request = read("01 04 00 46 00 02 90 1E");
    REQUIRE(request.size() == 1);
    CHECK(to_string(request[0]) == "RTU request to unit 1: read input registers (4), address 70, count 2");
    auto const refused = read("01 83 02 C0 F1");
    CHECK(refused[0].exception == 2);
    CHECK(to_string(refused[0]).find("does not have these registers") != std::string::npos);
}

TEST_CASE("captured_frame: writes are understood", "[meter][frame]")
{
    auto const frames = read("0001 0000 0006 11 06 0001 0003");
    CHECK(to_string(frames[0]) ==
          "TCP request to unit 17: write one register (6), address 1, 1 registers, transaction 1");
    CHECK(read("0001 0000 000B 11 10 0001 0002 04 000A 0102")[0].words == std::vector<std::uint16_t>{0x000A, 0x0102});
    CHECK(read("0001 0000 0009 11 0F 0013 000A 02 CD01")[0].words.size() == 10);
}

TEST_CASE("captured_frame: a broken frame has one reason", "[meter][frame]")
{
    CHECK(refusal("01 04 00 46 00 02 90 1F") == "no Modbus TCP header (bytes 3 and 4 are not 0), and as RTU the "
                                                "checksum is 90 1F where 90 1E belongs: a byte is "
                                                "wrong, missing or too many");
    CHECK(refusal("0007 0000 0009 01 03 06 022B") ==
          "the Modbus TCP header announces 15 bytes, 11 are there: the frame is cut");
    CHECK(refusal("01 0") == "the hexadecimal digits do not pair up into bytes");
    CHECK(refusal("01 zz") == "character 4 is no hexadecimal digit");
    CHECK(refusal("") == "0 bytes are too few for a frame");
    CHECK(refusal("0007 0000 0003 01 2B 0E").find("function code 43") != std::string::npos);
    CHECK(refusal("0007 0000 0004 01 03 06 02").find("is the frame cut?") != std::string::npos);
}
