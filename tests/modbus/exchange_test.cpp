#include "protocols/modbus/exchange.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::modbus;

namespace {

std::optional<exchange::outcome> feed(exchange& x, octets const& received)
{
    REQUIRE(x.room().size() >= received.size());
    std::ranges::copy(received, x.room().begin());
    return x.received(received.size());
}

octets rtu_frame(std::uint8_t unit, octets const& pdu)
{
    std::array<std::uint8_t, rtu_frame_max> out{};
    auto const size = encode_rtu(unit, pdu, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

octets tcp_frame_of(unsigned transaction, std::uint8_t unit, octets const& pdu)
{
    std::array<std::uint8_t, tcp_frame_max> out{};
    auto const size = encode_tcp(static_cast<std::uint16_t>(transaction), unit, pdu, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

read_request const two{1, table::holding_registers, 0, 2};

} // namespace

TEST_CASE("exchange: strangers are dropped and counted until there are too many", "[modbus][exchange]")
{
    exchange x{framing::tcp, {.strangers_max = 3}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    x.begin({&job, 1});
    auto const late = tcp_frame_of(0x7777, 1, hex("03 04 00 01 00 02"));
    CHECK_FALSE(feed(x, late).has_value());
    CHECK_FALSE(feed(x, late).has_value());
    CHECK_FALSE(x.heard());

    SECTION("the answer still counts")
    {
        auto const end = feed(x, tcp_frame_of(1, 1, hex("03 04 00 05 00 06")));
        REQUIRE(end.has_value());
        CHECK_FALSE(end->ec);
        CHECK(words == std::vector<std::uint16_t>{5, 6});
        CHECK(x.statistics().strangers == 2);
        CHECK(x.statistics().replies == 1);
    }
    SECTION("the third ends the exchange and the connection")
    {
        auto const end = feed(x, late);
        REQUIRE(end.has_value());
        CHECK(end->ec == errc::malformed_reply);
        CHECK(end->reopen);
    }
}

TEST_CASE("exchange: a half frame left by a timeout is finished as a stranger of the next exchange", "[modbus][exchange]")
{
    exchange x{framing::tcp, {}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    x.begin({&job, 1});
    auto const first = tcp_frame_of(1, 1, hex("03 04 00 01 00 02"));
    CHECK_FALSE(feed(x, {first.begin(), first.begin() + 9}).has_value());
    CHECK(x.expired().ec == errc::timeout);

    x.begin({&job, 1});
    auto const end = feed(x, octets(first.begin() + 9, first.end()) + tcp_frame_of(2, 1, hex("03 04 00 03 00 04")));
    REQUIRE(end.has_value());
    CHECK_FALSE(end->ec);
    CHECK(words == std::vector<std::uint16_t>{3, 4});
}

TEST_CASE("exchange: a lenient link gives up a connection with half a frame on it", "[modbus][exchange]")
{
    exchange x{framing::tcp, {.lenient_transaction_id = true}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    x.begin({&job, 1});
    CHECK_FALSE(x.expired().reopen);
    x.begin({&job, 1});
    CHECK_FALSE(feed(x, hex("00 00 00 00")).has_value());
    CHECK(x.expired().reopen);
}

TEST_CASE("exchange: at the deadline a line with bytes on it is malformed, a silent one a timeout", "[modbus][exchange]")
{
    exchange x{framing::rtu, {}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    x.begin({&job, 1});
    CHECK(x.expired().ec == errc::timeout);
    x.begin({&job, 1});
    CHECK_FALSE(feed(x, hex("00 ff")).has_value());
    CHECK(x.expired().ec == errc::timeout);
    x.begin({&job, 1});
    CHECK_FALSE(feed(x, hex("ff ff ff ff ff ff")).has_value());
    CHECK(x.expired().ec == errc::malformed_reply);
    x.begin({&job, 1});
    CHECK_FALSE(feed(x, rtu_frame(9, hex("03 02 00 01"))).has_value()); // another unit's answer is not ours, broken
    CHECK(x.expired().ec == errc::timeout);
    CHECK(x.statistics().timeouts == 3);
    CHECK(x.statistics().malformed == 1);
}

TEST_CASE("exchange: echo, stranger and answer in one read", "[modbus][exchange]")
{
    exchange x{framing::rtu, {.local_echo = true}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    auto const sent = x.begin({&job, 1});
    auto const line = octets(sent.begin(), sent.end()) + rtu_frame(2, hex("03 04 00 07 00 08")) + hex("00") +
                      rtu_frame(1, hex("03 04 0d 0a 00 09"));
    auto const end = feed(x, line);
    REQUIRE(end.has_value());
    CHECK_FALSE(end->ec);
    CHECK(words == std::vector<std::uint16_t>{0x0D0A, 9});
    CHECK(x.statistics().strangers == 1);
}

TEST_CASE("exchange: transactions differ from one request to the next", "[modbus][exchange]")
{
    exchange x{framing::tcp, {}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    auto const a = x.begin({&job, 1});
    auto const first = get_u16(a, 0);
    CHECK(get_u16(x.begin({&job, 1}), 0) == first + 1);
}

TEST_CASE("exchange: a write is confirmed by its echo alone, whatever comes before", "[modbus][exchange][write]")
{
    auto const how = GENERATE(framing::tcp, framing::rtu);
    auto const has_local_echo = how == framing::rtu && GENERATE(false, true);
    exchange x{how, {.local_echo = has_local_echo}};
    std::vector<std::uint16_t> const values{0x0A, 0x102};
    auto const function = GENERATE(write_function::coil, write_function::holding_register, write_function::coils,
                                   write_function::holding_registers);
    auto const is_single = function == write_function::coil || function == write_function::holding_register;
    write_request const write{7, function, 1, std::span{values}.first(is_single ? 1 : 2)};
    auto const sent = x.begin(write);
    octets line;
    if (has_local_echo)
        line.assign(sent.begin(), sent.end());

    std::array<std::uint8_t, pdu_max> pdu{};
    encode_write(write, pdu);
    auto const framed = [&](std::uint8_t unit, octets const& p) {
        return how == framing::tcp ? tcp_frame_of(1, unit, p) : rtu_frame(unit, p);
    };
    octets const echo{pdu.begin(), pdu.begin() + write_reply_size};
    auto const of_another_unit = framed(8, echo);

    SECTION("the echo")
    {
        auto const end = feed(x, line + of_another_unit + framed(7, echo));
        REQUIRE(end.has_value());
        CHECK_FALSE(end->ec);
        CHECK(x.statistics().strangers == 1);
        CHECK(x.statistics().replies == 1);
    }
    SECTION("an echo of another value or count")
    {
        auto other = echo;
        other.back() ^= 1;
        auto const end = feed(x, line + framed(7, other));
        REQUIRE(end.has_value());
        CHECK(end->ec == errc::malformed_reply);
    }
    SECTION("an exception")
    {
        auto const refused = static_cast<std::uint8_t>(echo[0] | exception_bit);
        auto const end = feed(x, line + framed(7, octets{refused, 2}));
        REQUIRE(end.has_value());
        CHECK(end->ec == errc::illegal_data_address);
        CHECK(x.statistics().exceptions == 1);
    }
}

TEST_CASE("exchange: a read after a write is matched as a read", "[modbus][exchange][write]")
{
    exchange x{framing::tcp, {}};
    std::vector<std::uint16_t> words(2);
    read_job job{two, words};
    std::vector<std::uint16_t> const values{1};
    x.begin(write_request{1, write_function::holding_register, 5, values});
    REQUIRE(feed(x, tcp_frame_of(1, 1, hex("06 00 05 00 01"))).has_value());
    x.begin({&job, 1});
    CHECK_FALSE(feed(x, tcp_frame_of(1, 1, hex("06 00 05 00 01"))).has_value());
    auto const end = feed(x, tcp_frame_of(2, 1, hex("03 04 00 05 00 06")));
    REQUIRE(end.has_value());
    CHECK_FALSE(end->ec);
    CHECK(words == std::vector<std::uint16_t>{5, 6});
}

TEST_CASE("exchange: of several requests one refused, one answered and one silent end each in its own way",
          "[modbus][exchange]")
{
    exchange x{framing::tcp, {.max_in_flight = 3}};
    std::array<std::vector<std::uint16_t>, 3> words{std::vector<std::uint16_t>(2), std::vector<std::uint16_t>(2),
                                                    std::vector<std::uint16_t>(2)};
    std::vector<read_job> jobs;
    for (auto& w : words)
        jobs.push_back({two, w});
    CHECK(x.begin(jobs).size() == 3 * 12);
    CHECK_FALSE(feed(x, tcp_frame_of(3, 1, hex("03 04 00 05 00 06")) + tcp_frame_of(1, 1, hex("83 02"))));
    CHECK(x.open() == 1);
    auto const end = x.expired();
    CHECK_FALSE(end.reopen);
    CHECK(jobs[0].error == errc::illegal_data_address);
    CHECK(jobs[1].error == errc::timeout);
    CHECK_FALSE(jobs[2].error);
    CHECK(words[2] == std::vector<std::uint16_t>{5, 6});
    CHECK(x.statistics().requests == 3);
    CHECK(x.statistics().timeouts == 1);
}
