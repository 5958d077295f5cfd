#include "protocols/modbus/write_pdu.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::modbus;

namespace {

using words = std::vector<std::uint16_t>;

struct example {
    write_function how;
    std::uint16_t address;
    words values;
    octets asked;
    octets answered;
};

/// Modbus application protocol V1.1b3, 6.5, 6.6, 6.11 and 6.12.
std::vector<example> const examples{
    {write_function::coil, 0xAC, {1}, hex("05 00 ac ff 00"), hex("05 00 ac ff 00")},
    {write_function::holding_register, 1, {3}, hex("06 00 01 00 03"), hex("06 00 01 00 03")},
    {write_function::coils, 0x13, {1, 0, 1, 1, 0, 0, 1, 1, 1, 0}, hex("0f 00 13 00 0a 02 cd 01"), hex("0f 00 13 00 0a")},
    {write_function::holding_registers, 1, {0x0A, 0x102}, hex("10 00 01 00 02 04 00 0a 01 02"), hex("10 00 01 00 02")},
};

octets encoded(write_request const& request)
{
    std::array<std::uint8_t, pdu_max> out;
    out.fill(0xEE);
    auto const size = encode_write(request, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

} // namespace

TEST_CASE("write_pdu: the examples of the standard are encoded, and their echo is the confirmation", "[modbus][write]")
{
    for (auto const& e : examples) {
        write_request const request{1, e.how, e.address, e.values};
        REQUIRE(is_valid(request));
        CHECK(encoded(request) == e.asked);
        CHECK(check_write_reply(request, e.answered).has_value());
    }
    words const off{0};
    CHECK(encoded({1, write_function::coil, 0xAC, off}) == hex("05 00 ac 00 00"));
}

TEST_CASE("write_pdu: the echo differs by a bit or a byte, and the write is not confirmed", "[modbus][write]")
{
    for (auto const& e : examples) {
        write_request const request{1, e.how, e.address, e.values};
        for (std::size_t bit = 0; bit < 8 * e.answered.size(); ++bit) {
            auto reply = e.answered;
            reply[bit / 8] = static_cast<std::uint8_t>(reply[bit / 8] ^ (1U << (bit % 8)));
            CHECK(check_write_reply(request, reply).error() == errc::malformed_reply);
        }
        auto reply = e.answered;
        reply.push_back(0);
        CHECK(check_write_reply(request, reply).error() == errc::malformed_reply);
        for (std::size_t size = 0; size < e.answered.size(); ++size)
            CHECK(check_write_reply(request, byte_view{e.answered}.first(size)).error() == errc::malformed_reply);
    }
}

TEST_CASE("write_pdu: an exception tells why the device took nothing", "[modbus][write]")
{
    for (auto const& e : examples) {
        write_request const request{1, e.how, e.address, e.values};
        auto const function = static_cast<std::uint8_t>(static_cast<std::uint8_t>(e.how) | exception_bit);
        CHECK(check_write_reply(request, octets{function, 3}).error() == errc::illegal_data_value);
        CHECK(check_write_reply(request, octets{function, 6}).error() == errc::device_busy);
        CHECK(check_write_reply(request, octets{function, 200}).error() == errc::unknown_exception);
        CHECK(check_write_reply(request, octets{0x83, 2}).error() == errc::malformed_reply);
    }
}

TEST_CASE("write_pdu: a write beyond the protocol's limits is not valid", "[modbus][write]")
{
    words const many(2000);
    auto const values = [&](std::size_t n) { return std::span{many}.first(n); };
    CHECK(is_valid(write_request{1, write_function::holding_registers, 0, values(123)}));
    CHECK_FALSE(is_valid(write_request{1, write_function::holding_registers, 0, values(124)}));
    CHECK(is_valid(write_request{1, write_function::coils, 0, values(1968)}));
    CHECK_FALSE(is_valid(write_request{1, write_function::coils, 0, values(1969)}));
    CHECK_FALSE(is_valid(write_request{1, write_function::coil, 0, values(2)}));
    CHECK_FALSE(is_valid(write_request{1, write_function::holding_register, 0, values(0)}));
    CHECK(is_valid(write_request{1, write_function::holding_registers, 65534, values(2)}));
    CHECK_FALSE(is_valid(write_request{1, write_function::holding_registers, 65535, values(2)}));
    CHECK_FALSE(is_valid(write_request{1, static_cast<write_function>(3), 0, values(1)}));
    CHECK(encoded({1, write_function::holding_registers, 0, values(123)}).size() == 252);
    CHECK(encoded({1, write_function::coils, 0, values(1968)}).size() == 252);
    CHECK(check_write_reply({1, write_function::coil, 0, values(2)}, hex("05 00 00 00 00")).error() == errc::bad_request);
}
