#include "protocols/modbus/rtu_framing.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using kind = match::kind;

namespace {

read_request const request{0x11, table::holding_registers, 0x6B, 3};
auto const asked = hex("11 03 00 6b 00 03 76 87");
auto const answer = hex("11 03 06 ae 41 56 52 43 40 49 ad");

octets framed(std::uint8_t unit, octets const& pdu)
{
    std::array<std::uint8_t, rtu_frame_max> out{};
    auto const size = encode_rtu(unit, pdu, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

match look(octets const& b)
{
    return rtu_matcher{shape_of(request), {}}.look(b);
}

} // namespace

TEST_CASE("rtu_framing: the CRC is that of the standard, low byte first", "[modbus][rtu_framing]")
{
    CHECK(crc16(hex("02 07")) == 0x1241); // Modbus over serial line V1.02, 6.2.2
    auto const pdu = encode_request(request);
    CHECK(framed(0x11, {pdu.begin(), pdu.end()}) == asked);
    CHECK(framed(0x01, hex("04 02 ff ff")) == hex("01 04 02 ff ff b8 80"));
}

TEST_CASE("rtu_framing: every true prefix of an answer needs more", "[modbus][rtu_framing]")
{
    for (std::size_t n = 0; n < answer.size(); ++n) {
        auto const found = look({answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(n)});
        CHECK(found.what == kind::need_more);
        CHECK(found.size == 0);
    }
    auto const found = look(answer);
    CHECK(found.what == kind::reply);
    CHECK(found.size == answer.size());
}

TEST_CASE("rtu_framing: whole frames of others are strangers", "[modbus][rtu_framing]")
{
    for (auto const& frame : {framed(0x12, hex("03 06 00 01 00 02 00 03")),    // another unit
                              framed(0x11, hex("04 06 00 01 00 02 00 03")),    // another function
                              framed(0x11, hex("03 04 00 01 00 02")),          // another count
                              framed(0x12, hex("83 02")), framed(0x11, hex("84 02")), // exceptions of others
                              framed(0x12, hex("03 00 00 00 01")),             // another master's request
                              framed(0x05, hex("06 00 01 00 03")), framed(0x05, hex("10 00 01 00 02")), asked}) {
        auto const found = look(frame);
        CHECK(found.what == kind::stranger);
        CHECK(found.size == frame.size());

        auto const both = frame + answer;
        CHECK(look(both).size == frame.size());
    }
}

TEST_CASE("rtu_framing: noise before the answer is skipped", "[modbus][rtu_framing]")
{
    for (auto const* noise : {"00", "ff", "ff ff ff", "11", "11 03", "11 03 06 ae", "12 03 f0", "01 03", "00 00 00 00 00"}) {
        INFO(noise);
        auto const line = hex(noise) + answer;
        auto const found = look(line);
        CHECK(found.what == kind::reply);
        CHECK(found.size == line.size());
        CHECK(found.pdu.size() == answer.size() - 3);
    }
}

TEST_CASE("rtu_framing: an answer with a wrong CRC is malformed", "[modbus][rtu_framing]")
{
    for (std::size_t at = 3; at < answer.size(); ++at) { // before that it is no answer of ours at all
        auto damaged = answer;
        damaged[at] ^= 0x10;
        INFO(at);
        CHECK(look(damaged).what == kind::malformed);
    }
    CHECK(look(hex("11 83 02 00 00")).what == kind::malformed);
}

TEST_CASE("rtu_framing: an exception of ours is a reply", "[modbus][rtu_framing]")
{
    auto const frame = framed(0x11, hex("83 02"));
    auto const found = look(frame);
    CHECK(found.what == kind::reply);
    CHECK(octets(found.pdu.begin(), found.pdu.end()) == hex("83 02"));
}

TEST_CASE("rtu_framing: the local echo is skipped once", "[modbus][rtu_framing]")
{
    rtu_matcher matcher{shape_of(request), asked};
    for (std::size_t n = 0; n < asked.size(); ++n) {
        auto const found = matcher.look(byte_view{asked}.first(n));
        CHECK(found.what == kind::need_more);
        CHECK(found.size == 0);
    }
    auto const found = matcher.look(asked + answer);
    CHECK(found.what == kind::need_more);
    CHECK(found.size == asked.size());
    CHECK(matcher.look(asked).what == kind::stranger);
    CHECK(matcher.look(answer).what == kind::reply);

    SECTION("and a line without one answers all the same")
    {
        CHECK(rtu_matcher{shape_of(request), asked}.look(answer).what == kind::reply);
    }
}

TEST_CASE("rtu_framing: an echo that reads like an answer is not taken for one", "[modbus][rtu_framing]")
{
    // The eight bytes of this request, looked at as an answer of one register, have unit, function and byte count right.
    read_request const one{0x11, table::holding_registers, 0x0245, 1};
    auto const pdu = encode_request(one);
    auto const echo = framed(0x11, {pdu.begin(), pdu.end()});
    rtu_matcher matcher{shape_of(one), echo};
    CHECK(matcher.look(echo).size == echo.size());
    CHECK(matcher.look(framed(0x11, hex("03 02 12 34"))).what == kind::reply);
}

TEST_CASE("rtu_framing: an HTTP or TLS server behind the gateway's port is recognised", "[modbus][rtu_framing]")
{
    std::string_view const http = "HTTP/1.1 400 Bad Request\r\n";
    octets const page{http.begin(), http.end()};
    CHECK(look(page).what == kind::not_modbus);
    CHECK(look({page.begin(), page.begin() + 3}).size == 0);
    CHECK(look(hex("15 03 03 00 02 02 16")).what == kind::not_modbus);
    CHECK(look(framed(0x15, hex("03 02 00 02"))).what == kind::stranger);
}

TEST_CASE("rtu_framing: a server finds requests among noise", "[modbus][rtu_framing]")
{
    for (std::size_t n = 0; n < asked.size(); ++n)
        CHECK_FALSE(first_rtu_request(byte_view{asked}.first(n)).found);

    for (auto const* noise : {"", "00", "ff 80", "01 03", "01 10 00 00 00 01 f0"}) {
        INFO(noise);
        auto const line = hex(noise) + asked;
        auto const scan = first_rtu_request(line);
        REQUIRE(scan.found);
        CHECK(scan.unit == 0x11);
        CHECK(octets(scan.pdu.begin(), scan.pdu.end()) == hex("03 00 6b 00 03"));
        CHECK(scan.size == line.size());
    }
    auto const write = framed(0x11, hex("10 00 01 00 02 04 00 0a 01 02"));
    CHECK(first_rtu_request(write).found);
    auto const junk = hex("ff ff ff ff");
    CHECK(first_rtu_request(junk).size == junk.size() - 1); // the last byte may be a unit
}
