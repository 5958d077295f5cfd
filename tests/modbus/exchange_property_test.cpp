#include "protocols/modbus/exchange.hpp"

#include "hex.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::modbus;

namespace {

constexpr int rounds = 3000;
using random_bits = std::mt19937;

unsigned pick(random_bits& r, unsigned from, unsigned to)
{
    return std::uniform_int_distribution<unsigned>{from, to}(r);
}

read_request any_request(random_bits& r)
{
    auto const from = static_cast<table>(pick(r, 1, 4));
    auto const most = from == table::coils || from == table::discrete_inputs ? bits_max : registers_max;
    return {static_cast<std::uint8_t>(pick(r, 1, 247)), from, static_cast<std::uint16_t>(pick(r, 0, 60000)),
            static_cast<std::uint16_t>(pick(r, 1, most))};
}

std::vector<std::uint16_t> any_words(random_bits& r, read_request const& request)
{
    auto const bits = request.from == table::coils || request.from == table::discrete_inputs;
    std::vector<std::uint16_t> words(request.count);
    for (auto& w : words)
        w = static_cast<std::uint16_t>(pick(r, 0, bits ? 1 : 0xFFFF));
    return words;
}

octets framed(framing how, unsigned transaction, read_request const& request, std::vector<std::uint16_t> const& words)
{
    std::array<std::uint8_t, pdu_max> pdu{};
    auto const pdu_size = encode_reply(request, words, pdu);
    std::array<std::uint8_t, tcp_frame_max> out{};
    auto const view = byte_view{pdu}.first(pdu_size);
    auto const size = how == framing::tcp
                          ? encode_tcp(static_cast<std::uint16_t>(transaction), request.unit, view, out)
                          : encode_rtu(request.unit, view, std::span{out}.first<rtu_frame_max>());
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// Feeds in pieces of random size until the exchange ends or the bytes do.
std::optional<exchange::outcome> feed_in_pieces(random_bits& r, exchange& x, octets const& line,
                                                unsigned piece_max)
{
    for (std::size_t at = 0; at < line.size();) {
        auto const room = x.room();
        REQUIRE_FALSE(room.empty());
        auto const n = std::min({std::size_t{pick(r, 1, piece_max)}, line.size() - at, room.size()});
        std::copy_n(line.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
        at += n;
        if (auto end = x.received(n))
            return end;
    }
    return std::nullopt;
}

octets garbage(random_bits& r, unsigned size_max)
{
    octets out(pick(r, 0, size_max));
    for (auto& b : out)
        b = static_cast<std::uint8_t>(pick(r, 0, 255));
    return out;
}

} // namespace

TEST_CASE("exchange: any split of strangers and the answer gives the same values", "[modbus][exchange]")
{
    auto const how = GENERATE(framing::tcp, framing::rtu);
    random_bits r{20260714};
    exchange x{how, {}};
    for (unsigned round = 0; round < rounds; ++round) {
        auto const request = any_request(r);
        auto const expected = any_words(r, request);
        std::vector<std::uint16_t> words(request.count);
        read_job job{request, words};
        auto const transaction = get_u16(x.begin({&job, 1}), 0);
        octets line;
        for (auto strangers = pick(r, 0, 3); strangers > 0; --strangers) {
            auto other = any_request(r);
            other.unit = static_cast<std::uint8_t>(request.unit % 247 + 1);
            line = line + framed(how, transaction + strangers, other, any_words(r, other));
        }
        line = line + framed(how, transaction, request, expected);

        auto const end = feed_in_pieces(r, x, line, how == framing::tcp ? 300 : 40);
        INFO("round " << round);
        REQUIRE(end.has_value());
        REQUIRE(end->ec == boost::system::error_code{});
        REQUIRE(words == expected);
    }
}

TEST_CASE("exchange: garbage never becomes a value", "[modbus][exchange]")
{
    auto const how = GENERATE(framing::tcp, framing::rtu);
    random_bits r{4711};
    exchange x{how, {.local_echo = true}};
    for (int round = 0; round < rounds; ++round) {
        auto const request = any_request(r);
        auto const untouched = std::vector<std::uint16_t>(request.count, 0xBEEF);
        auto words = untouched;
        read_job job{request, words};
        x.begin({&job, 1});
        auto const end = feed_in_pieces(r, x, garbage(r, 700), 300);
        if (end)
            CHECK(end->ec);
        REQUIRE(words == untouched);
        x.connected();
    }
}

TEST_CASE("exchange: an answer with damaged bytes never becomes a value", "[modbus][exchange]")
{
    random_bits r{99};
    exchange x{framing::rtu, {}};
    for (int round = 0; round < rounds; ++round) {
        auto const request = any_request(r);
        std::vector<std::uint16_t> words(request.count, 0xBEEF);
        read_job job{request, words};
        x.begin({&job, 1});
        auto line = framed(framing::rtu, 0, request, any_words(r, request));
        auto const at = pick(r, 0, static_cast<unsigned>(line.size()) - 1);
        line[at] = static_cast<std::uint8_t>(line[at] ^ (1U << pick(r, 0, 7))); // CRC-16 finds any two such
        auto const second = pick(r, 0, static_cast<unsigned>(line.size()) - 1);
        if (second != at)
            line[second] = static_cast<std::uint8_t>(line[second] ^ (1U << pick(r, 0, 7)));

        auto const end = feed_in_pieces(r, x, line, 40);
        REQUIRE((!end || end->ec));
        REQUIRE(words == std::vector<std::uint16_t>(request.count, 0xBEEF));
    }
}

TEST_CASE("exchange: of several requests at once each gets its own answer, in any order", "[modbus][exchange]")
{
    random_bits r{16};
    exchange x{framing::tcp, {.max_in_flight = in_flight_limit}};
    for (unsigned round = 0; round < rounds; ++round) {
        auto const n = pick(r, 1, in_flight_limit);
        std::vector<std::vector<std::uint16_t>> words(n), expected(n);
        std::vector<read_job> jobs;
        for (unsigned i = 0; i < n; ++i) {
            jobs.push_back({any_request(r), {}});
            expected[i] = any_words(r, jobs[i].request);
            words[i].resize(expected[i].size());
            jobs[i].words = words[i];
        }
        auto const first = get_u16(x.begin(jobs), 0);
        std::vector<octets> answers;
        for (unsigned i = 0; i < n; ++i) {
            auto const transaction = static_cast<std::uint16_t>(first + i);
            answers.push_back(framed(framing::tcp, transaction, jobs[i].request, expected[i]));
        }
        std::shuffle(answers.begin(), answers.end(), r);
        octets line;
        for (auto const& a : answers)
            line = line + a;

        auto const end = feed_in_pieces(r, x, line, 300);
        INFO("round " << round << ", " << n << " requests");
        REQUIRE(end.has_value());
        REQUIRE_FALSE(end->ec);
        REQUIRE(words == expected);
    }
}
