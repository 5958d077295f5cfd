#include "protocols/modbus/tcp_framing.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using kind = match::kind;

namespace {

read_request const request{0x11, table::holding_registers, 0x6B, 3};
auto const answer = hex("15 01 00 00 00 09 11 03 06 02 2b 00 00 00 64");
tcp_matcher const strict{shape_of(request), 0x1501, false};

} // namespace

TEST_CASE("tcp_framing: a frame is the header of the standard and the PDU", "[modbus][tcp_framing]")
{
    std::array<std::uint8_t, tcp_frame_max> out{};
    auto const size = encode_tcp(0x1501, 0xFF, encode_request({0xFF, table::holding_registers, 4, 1}), out);
    CHECK(octets(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)) == hex("15 01 00 00 00 06 ff 03 00 04 00 01"));

    auto const frame = first_tcp_frame(byte_view{out}.first(size));
    REQUIRE(frame.has_value());
    REQUIRE(frame->has_value());
    CHECK((*frame)->transaction == 0x1501);
    CHECK((*frame)->unit == 0xFF);
    CHECK((*frame)->pdu.size() == 5);
    CHECK((*frame)->size == 12);
}

TEST_CASE("tcp_framing: every true prefix of an answer needs more", "[modbus][tcp_framing]")
{
    for (std::size_t n = 0; n < answer.size(); ++n) {
        auto const found = strict.look(byte_view{answer}.first(n));
        CHECK(found.what == kind::need_more);
        CHECK(found.size == 0);
    }
    auto const found = strict.look(answer);
    CHECK(found.what == kind::reply);
    CHECK(found.size == answer.size());
    CHECK(octets(found.pdu.begin(), found.pdu.end()) == hex("03 06 02 2b 00 00 00 64"));
}

TEST_CASE("tcp_framing: frames of others are strangers, broken frames of ours are malformed", "[modbus][tcp_framing]")
{
    struct seen {
        char const* what;
        char const* frame;
        kind as;
    };
    for (auto const& s : {
             seen{"transaction", "15 02 00 00 00 09 11 03 06 02 2b 00 00 00 64", kind::stranger},
             seen{"unit", "15 01 00 00 00 09 12 03 06 02 2b 00 00 00 64", kind::stranger},
             seen{"function", "15 01 00 00 00 09 11 04 06 02 2b 00 00 00 64", kind::stranger},
             seen{"other function's exception", "15 01 00 00 00 03 11 84 02", kind::stranger},
             seen{"byte count", "15 01 00 00 00 09 11 03 04 02 2b 00 00 00 64", kind::malformed},
             seen{"too short", "15 01 00 00 00 07 11 03 04 02 2b 00 00", kind::malformed},
             seen{"no byte count", "15 01 00 00 00 02 11 03", kind::malformed},
             seen{"long exception", "15 01 00 00 00 04 11 83 02 00", kind::malformed},
             seen{"exception", "15 01 00 00 00 03 11 83 02", kind::reply},
         }) {
        INFO(s.what);
        auto const frame = hex(s.frame);
        auto const found = strict.look(frame);
        CHECK(found.what == s.as);
        CHECK(found.size == frame.size());
    }
}

TEST_CASE("tcp_framing: an impossible header breaks the stream", "[modbus][tcp_framing]")
{
    for (auto const* header : {"15 01 00 01", "15 01 01", "15 01 00 00 00 00", "15 01 00 00 00 01", "15 01 00 00 00 ff",
                               "15 01 00 00 ff ff"}) {
        INFO(header);
        auto const found = strict.look(hex(header));
        CHECK(found.what == kind::malformed);
        CHECK(found.size == 0);
    }
}

TEST_CASE("tcp_framing: an HTTP or TLS server is recognised", "[modbus][tcp_framing]")
{
    std::string_view const http = "HTTP/1.1 400 Bad Request\r\n";
    octets const page{http.begin(), http.end()};
    CHECK(strict.look(byte_view{page}.first(4)).what == kind::need_more);
    CHECK(strict.look(page).what == kind::not_modbus);
    CHECK(strict.look(hex("15 03 03 00 02 02 16")).what == kind::not_modbus);
    CHECK(strict.look(hex("15 03 01 00 02 02 0a")).what == kind::not_modbus);
    CHECK(strict.look(hex("15 03 03 00 02 02")).what == kind::need_more);
    CHECK(strict.look(hex("15 03 03 00 03 02 16")).what == kind::malformed);
}

TEST_CASE("tcp_framing: a lenient link takes any transaction, but no other shape", "[modbus][tcp_framing]")
{
    tcp_matcher const lenient{shape_of(request), 0x1501, true};
    CHECK(lenient.look(hex("00 00 00 00 00 09 11 03 06 02 2b 00 00 00 64")).what == kind::reply);
    CHECK(lenient.look(hex("00 00 00 00 00 09 12 03 06 02 2b 00 00 00 64")).what == kind::stranger);
    CHECK(lenient.look(hex("00 00 00 00 00 07 11 03 04 02 2b 00 00")).what == kind::stranger);
}
