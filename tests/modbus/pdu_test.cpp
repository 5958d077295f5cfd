#include "protocols/modbus/pdu.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::modbus;

namespace {

struct example {
    read_request request;
    octets asked;
    octets answered;
    std::vector<std::uint16_t> words;
};

/// Modbus application protocol V1.1b3, 6.1 to 6.4.
std::vector<example> const examples{
    {{1, table::coils, 0x13, 0x13},
     hex("01 00 13 00 13"),
     hex("01 03 cd 6b 05"),
     {1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1}},
    {{1, table::discrete_inputs, 0xC4, 0x16},
     hex("02 00 c4 00 16"),
     hex("02 03 ac db 35"),
     {0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1}},
    {{1, table::holding_registers, 0x6B, 3},
     hex("03 00 6b 00 03"),
     hex("03 06 02 2b 00 00 00 64"),
     {555, 0, 100}},
    {{1, table::input_registers, 8, 1}, hex("04 00 08 00 01"), hex("04 02 00 0a"), {10}},
};

octets vector_of(byte_view v)
{
    return {v.begin(), v.end()};
}

} // namespace

TEST_CASE("pdu: the examples of the standard are encoded and parsed, on both sides", "[modbus][pdu]")
{
    for (auto const& e : examples) {
        CHECK(vector_of(encode_request(e.request)) == e.asked);

        std::vector<std::uint16_t> words(e.request.count);
        auto const parsed = parse_reply(e.request, e.answered, words);
        REQUIRE(!parsed.has_error());
        CHECK(words == e.words);

        auto const request = parse_request(e.request.unit, e.asked);
        REQUIRE(request.has_value());
        CHECK(*request == e.request);

        std::array<std::uint8_t, pdu_max> out{};
        auto const size = encode_reply(e.request, e.words, out);
        CHECK(vector_of(byte_view{out}.first(size)) == e.answered);
    }
}

TEST_CASE("pdu: a reply that is not exactly the answer is malformed and changes no word", "[modbus][pdu]")
{
    read_request const request{1, table::holding_registers, 0, 2};
    for (auto const* reply : {"", "03", "03 04", "03 04 00 01 00", "03 04 00 01 00 02 00", "03 02 00 01", "03 06 00 01 00 02",
                              "04 04 00 01 00 02", "83", "83 02 00", "84 02", "03 05 00 01 00 02"}) {
        std::vector<std::uint16_t> words(2, 0xAAAA);
        auto const parsed = parse_reply(request, hex(reply), words);
        INFO(reply);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error() == errc::malformed_reply);
        CHECK(words == std::vector<std::uint16_t>(2, 0xAAAA));
    }
}

TEST_CASE("pdu: exception codes become errors", "[modbus][pdu]")
{
    read_request const request{1, table::input_registers, 0, 2};
    std::vector<std::uint16_t> words(2);
    for (unsigned code = 0; code < 256; ++code) {
        auto const parsed = parse_reply(request, octets{0x84, static_cast<std::uint8_t>(code)}, words);
        REQUIRE(parsed.has_error());
        auto const defined = code >= 1 && code <= 11 && code != 7 && code != 9;
        CHECK(parsed.error() == (defined ? static_cast<errc>(code) : errc::unknown_exception));
        CHECK(is_exception(parsed.error()));
    }
}

TEST_CASE("pdu: a request beyond the protocol's limits is not valid", "[modbus][pdu]")
{
    CHECK(is_valid({1, table::holding_registers, 0, 125}));
    CHECK_FALSE(is_valid({1, table::holding_registers, 0, 126}));
    CHECK(is_valid({1, table::coils, 0, 2000}));
    CHECK_FALSE(is_valid({1, table::coils, 0, 2001}));
    CHECK_FALSE(is_valid({1, table::holding_registers, 0, 0}));
    CHECK(is_valid({1, table::holding_registers, 65535, 1}));
    CHECK_FALSE(is_valid({1, table::holding_registers, 65535, 2}));
    CHECK_FALSE(is_valid({1, static_cast<table>(5), 0, 1}));

    std::vector<std::uint16_t> few(1);
    auto const parsed = parse_reply({1, table::holding_registers, 0, 2}, hex("03 04 00 01 00 02"), few);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == errc::bad_request);
}

TEST_CASE("pdu: a server refuses with the exception the standard asks for", "[modbus][pdu]")
{
    struct refusal {
        char const* request;
        errc with;
    };
    for (auto const& r : {refusal{"", errc::illegal_function}, refusal{"05 00 00 ff 00", errc::illegal_function},
                          refusal{"2b 0e 01 00", errc::illegal_function}, refusal{"03 00 00 00", errc::illegal_data_value},
                          refusal{"03 00 00 00 00", errc::illegal_data_value},
                          refusal{"03 00 00 00 7e", errc::illegal_data_value},
                          refusal{"01 00 00 07 d1", errc::illegal_data_value},
                          refusal{"03 00 00 00 01 00", errc::illegal_data_value},
                          refusal{"04 ff ff 00 02", errc::illegal_data_address}}) {
        auto const parsed = parse_request(1, hex(r.request));
        INFO(r.request);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error() == r.with);
    }
    CHECK(vector_of(encode_exception(4, errc::device_busy)) == hex("84 06"));
}
