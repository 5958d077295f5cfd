#include "drivers/decode.hpp"

#include "drivers/half_float.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

constexpr std::array orders{byte_order::abcd, byte_order::cdab, byte_order::badc, byte_order::dcba};
constexpr std::array numbers{point_type::bit, point_type::u8,  point_type::i8,    point_type::u16,   point_type::i16,
                             point_type::u32, point_type::i32, point_type::u64,   point_type::i64,   point_type::f16,
                             point_type::f32, point_type::f64, point_type::bcd16, point_type::bcd32, point_type::bcd64};

point point_of(point_type type, byte_order order = byte_order::abcd)
{
    point p;
    p.name = "vendor.x";
    p.type = type;
    p.order = order;
    p.registers = registers_of(type);
    return p;
}

cell decoded(point const& p, std::vector<std::uint16_t> const& words)
{
    std::vector<std::string> texts;
    return decode(p, words, texts);
}

/// The value a cell stands for, as it is published.
double value_of(point const& p, cell const& c, int exponent = 0)
{
    layout l{.device = "d", .columns = {column_of(p)}};
    row r{.layout = nullptr, .cells = {c}};
    if (exponent != 0) {
        l.columns.front().exponent_column = 1;
        l.columns.push_back({.name = "vendor.e"});
        r.cells.push_back(cell_of(std::int64_t{exponent}));
    }
    r.layout = std::make_shared<layout const>(l);
    return scaled_number(r, 0);
}

bool is_not_supported(cell const& c)
{
    return !c.present && c.q == quality::not_supported;
}

} // namespace

TEST_CASE("decode: the four byte orders of 16, 32 and 64 bits", "[drivers][decode]")
{
    using words = std::vector<std::uint16_t>;
    struct row_of {
        byte_order order;
        words u16, u32, u64;
    };
    std::vector<row_of> const rows{
        {byte_order::abcd, {0x0102}, {0x0102, 0x0304}, {0x0102, 0x0304, 0x0506, 0x0708}},
        {byte_order::cdab, {0x0102}, {0x0304, 0x0102}, {0x0708, 0x0506, 0x0304, 0x0102}},
        {byte_order::badc, {0x0201}, {0x0201, 0x0403}, {0x0201, 0x0403, 0x0605, 0x0807}},
        {byte_order::dcba, {0x0201}, {0x0403, 0x0201}, {0x0807, 0x0605, 0x0403, 0x0201}},
    };
    for (auto const& r : rows) {
        CHECK(decoded(point_of(point_type::u16, r.order), r.u16).bits == 0x0102);
        CHECK(decoded(point_of(point_type::u32, r.order), r.u32).bits == 0x01020304);
        CHECK(decoded(point_of(point_type::u64, r.order), r.u64).bits == 0x0102030405060708);
    }
}

TEST_CASE("decode: G-SS-1, the SunSpec numbers of a model 103", "[drivers][decode]")
{
    auto const w = point_of(point_type::i16);
    CHECK(value_of(w, decoded(w, {0x7A08}), -1) == 3124.0);
    auto const wh = point_of(point_type::u32);
    CHECK(value_of(wh, decoded(wh, {0x0098, 0x967F})) == 9999999.0);
    CHECK(value_of(wh, decoded(point_of(point_type::u16), {5001}), -2) == 50.01);
    auto pf = point_of(point_type::i16);
    pf.scale = 0.01;
    CHECK(value_of(pf, decoded(pf, {9876}), -2) == 0.9876);
    auto dcw = point_of(point_type::i16);
    dcw.sentinels = {0x8000};
    CHECK(is_not_supported(decoded(dcw, {0x8000})));
    CHECK(decoded(dcw, {0x8001}).present);
    CHECK(value_of(point_of(point_type::f32), decoded(point_of(point_type::f32), {0x4366, 0x0000})) == 230.0);
    auto const swapped = point_of(point_type::f32, byte_order::cdab);
    CHECK(value_of(swapped, decoded(swapped, {0x0000, 0x4366})) == 230.0);
}

TEST_CASE("decode: signs, bytes and 64 bits are exact", "[drivers][decode]")
{
    auto const number = [](point_type t, std::vector<std::uint16_t> const& w) {
        return static_cast<std::int64_t>(decoded(point_of(t), w).bits);
    };
    CHECK(number(point_type::i8, {0x12FF}) == -1);
    CHECK(number(point_type::u8, {0x12FF}) == 255);
    CHECK(number(point_type::i16, {0x8000}) == -32768);
    CHECK(number(point_type::i32, {0xFFFF, 0xFFFE}) == -2);
    CHECK(number(point_type::i64, {0x8000, 0, 0, 0}) == std::numeric_limits<std::int64_t>::min());
    CHECK(decoded(point_of(point_type::u64), {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}).bits == ~std::uint64_t{0});
    CHECK(decoded(point_of(point_type::u64), {0x0020, 0, 0, 1}).bits == 9007199254740993ull);
    CHECK(column_of(point_of(point_type::i8)).kind == value_kind::i64);
    CHECK(column_of(point_of(point_type::bcd32)).kind == value_kind::u64);
}

TEST_CASE("decode: a mask takes a run of bits and shifts it down", "[drivers][decode]")
{
    auto p = point_of(point_type::u16);
    p.mask = 0x0F00;
    CHECK(decoded(p, {0xA5FF}).bits == 5);
    std::vector<std::uint16_t> word{0xA5FF};
    REQUIRE(encode(p, 3.0, 0, word));
    CHECK(word.front() == 0xA3FF);
    REQUIRE(encode(p, 99.0, 0, word));
    CHECK(word.front() == 0xAFFF);
}

TEST_CASE("decode: the bits of a mask with holes are moved together", "[drivers][decode]")
{
    auto p = point_of(point_type::u16);
    p.mask = 0x8105;
    CHECK(decoded(p, {0x8001}).bits == 0b1001);
    CHECK(decoded(p, {0x7EFA}).bits == 0);
    std::vector<std::uint16_t> word{0x7EFA};
    REQUIRE(encode(p, 6.0, 0, word));
    CHECK(word.front() == (0x7EFA | 0x0104));
    std::mt19937_64 random{5};
    for (int i = 0; i < 2000; ++i) {
        auto q = point_of(point_type::u32);
        q.mask = random() >> 32 | 1;
        auto const v = static_cast<double>(random() & ((std::uint64_t{1} << std::popcount(q.mask)) - 1));
        std::vector<std::uint16_t> words{static_cast<std::uint16_t>(random()), static_cast<std::uint16_t>(random())};
        auto const others = decoded(point_of(point_type::u32), words).bits & ~q.mask;
        REQUIRE(encode(q, v, 0, words));
        REQUIRE(static_cast<double>(decoded(q, words).bits) == v);
        REQUIRE((decoded(point_of(point_type::u32), words).bits & ~q.mask) == others);
    }
}

TEST_CASE("decode: a map says what a code stands for, and an unknown code is no number", "[drivers][decode]")
{
    auto p = point_of(point_type::u16);
    p.map = {{2, -3}, {3, 0}, {4, 3}};
    CHECK(static_cast<std::int64_t>(decoded(p, {2}).bits) == -3);
    CHECK(decoded(p, {3}).bits == 0);
    CHECK(is_not_supported(decoded(p, {7})));
    CHECK(column_of(p).kind == value_kind::i64);
    std::vector<std::uint16_t> word(1);
    REQUIRE(encode(p, 2.6, 0, word));
    CHECK(word.front() == 4);
}

TEST_CASE("decode: a sentinel is compared after the word order is undone", "[drivers][decode]")
{
    auto p = point_of(point_type::i32, byte_order::cdab);
    p.sentinels = {0x7FFFFFFF};
    CHECK(is_not_supported(decoded(p, {0xFFFF, 0x7FFF})));
    CHECK(decoded(p, {0x7FFF, 0xFFFF}).present);
    auto meter = point_of(point_type::u16);
    meter.sentinels = {0xFFFF, 0xFFFE};
    CHECK(is_not_supported(decoded(meter, {0xFFFE})));
    std::vector<std::uint16_t> word(1);
    REQUIRE(encode(meter, 1e9, 0, word));
    CHECK(word.front() == 0xFFFD);
    REQUIRE(encode(meter, std::nan(""), 0, word));
    CHECK(is_not_supported(decoded(meter, word)));
}

TEST_CASE("decode: NaN, infinity and impossible digits are no numbers", "[drivers][decode]")
{
    CHECK(is_not_supported(decoded(point_of(point_type::f32), {0x7FC0, 0})));
    CHECK(is_not_supported(decoded(point_of(point_type::f32), {0xFFC0, 0})));
    CHECK(is_not_supported(decoded(point_of(point_type::f32), {0x7F80, 0})));
    CHECK(is_not_supported(decoded(point_of(point_type::f64), {0x7FF8, 0, 0, 0})));
    CHECK(is_not_supported(decoded(point_of(point_type::f16), {0x7C00})));
    CHECK(is_not_supported(decoded(point_of(point_type::bcd16), {0x123A})));
    CHECK(decoded(point_of(point_type::bcd16), {0x1239}).bits == 1239);
    CHECK(decoded(point_of(point_type::bcd32), {0x9999, 0x9998}).bits == 99999998);
}

TEST_CASE("decode: an accumulator's zero is only its beginning", "[drivers][decode]")
{
    auto p = point_of(point_type::u32);
    p.accumulator = true;
    CHECK(decoded(p, {0, 0}) == cell{0, quality::initial, true});
    CHECK(decoded(p, {0, 1}) == cell{1, quality::good, true});
}

TEST_CASE("decode: a count of decimals reads as a negative exponent and shows as itself", "[drivers][decode]")
{
    auto p = point_of(point_type::u16);
    p.negated = true;
    auto const c = decoded(p, {2});
    CHECK(static_cast<std::int64_t>(c.bits) == -2);
    CHECK(value_of(p, c) == 2.0);
    CHECK(column_of(p).kind == value_kind::i64);
}

TEST_CASE("decode: texts lose their padding and what nobody can print", "[drivers][decode]")
{
    auto p = point_of(point_type::text);
    p.registers = 4;
    auto const text_of = [&](std::vector<std::uint16_t> const& words) {
        std::vector<std::string> texts;
        auto const c = decode(p, words, texts);
        return c.present ? texts.at(c.bits) : "absent:" + std::string{cause(c.q)};
    };
    CHECK(text_of({0x4142, 0x4344, 0x2020, 0x2000}) == "ABCD");
    CHECK(text_of({0x4142, 0x4344, 0x4546, 0x4748}) == "ABCDEFGH"); // no NUL at the end
    CHECK(text_of({0x2041, 0x4200, 0x5858, 0x5858}) == "AB");
    CHECK(text_of({0x41FF, 0x1B42, 0, 0}) == "A??B");
    CHECK(text_of({0, 0, 0, 0}) == "absent:not_supported");
    CHECK(text_of({0x2020, 0x2020, 0, 0}) == "absent:not_supported");
    CHECK(text_of({0x4142}) == "absent:communication");
    p.order = byte_order::badc;
    CHECK(text_of({0x4241, 0x0043, 0, 0}) == "ABC");

    p.order = byte_order::abcd;
    std::vector<std::uint16_t> words(4, 0xAAAA);
    REQUIRE(encode_text(p, "SN-1", words));
    CHECK(text_of(words) == "SN-1");
    REQUIRE(encode_missing(p, words));
    CHECK(text_of(words) == "absent:not_supported");
}

TEST_CASE("decode: too few words are a communication error, and too few places are refused", "[drivers][decode]")
{
    for (auto const type : numbers) {
        auto const p = point_of(type);
        std::vector<std::uint16_t> words(p.registers - 1u);
        CHECK(decoded(p, words) == absent(quality::communication));
        CHECK_FALSE(encode(p, 1.0, 0, words));
    }
}

TEST_CASE("encode: what is encoded decodes to the nearest value, in every type and order", "[drivers][decode]")
{
    std::mt19937_64 random{20261124};
    int checked = 0;
    for (auto const type : numbers)
        for (auto const order : orders)
            for (int i = 0; i < 200; ++i) {
                auto p = point_of(type, order);
                p.scale = std::array{1.0, 0.1, -0.01, 1000.0, 10.0}[random() % 5];
                p.offset = std::array{0.0, 0.0, -40.0}[random() % 3];
                auto const exponent = std::array{0, -2, 1}[random() % 3];
                auto const step = std::abs(p.scale) * std::pow(10.0, exponent);
                auto const largest =
                    std::min(std::ldexp(1.0, bits_of(type) - 1) - 1, type == point_type::bcd16 ? 9999.0 : 1e7);
                auto const is_whole = !is_real(type);
                auto raw = std::uniform_real_distribution<double>{0.0, 1.0}(random)*std::min(largest, 60000.0);
                if (is_whole)
                    raw = std::round(raw);
                if ((is_signed(type) || !is_whole) && random() % 2 == 0)
                    raw = -raw;
                auto const v = raw * (p.scale * std::pow(10.0, exponent)) + p.offset;
                std::vector<std::uint16_t> words(p.registers);
                REQUIRE(encode(p, v, exponent, words));
                auto const c = decoded(p, words);
                auto const back = value_of(p, c, exponent);
                auto const precision = type == point_type::f16 ? 0x1p-11 : type == point_type::f32 ? 0x1p-23 : 1e-12;
                INFO("type " << int(type) << " order " << int(order) << " v " << v << " back " << back);
                CHECK(std::abs(back - v) <= precision * (std::abs(v) + std::abs(p.offset) + step));
                ++checked;
            }
    CHECK(checked == 15 * 4 * 200);
}

TEST_CASE("encode: rounds to the nearest raw number and stops at the limits", "[drivers][decode]")
{
    auto p = point_of(point_type::i16);
    p.scale = 0.1;
    std::vector<std::uint16_t> word(1);
    REQUIRE(encode(p, 12.34, 0, word));
    CHECK(word.front() == 123);
    REQUIRE(encode(p, 1e9, 0, word));
    CHECK(word.front() == 0x7FFF);
    REQUIRE(encode(p, -std::numeric_limits<double>::infinity(), 0, word));
    CHECK(word.front() == 0x8000);
    std::vector<std::uint16_t> four(4);
    REQUIRE(encode(point_of(point_type::u64), 1e30, 0, four));
    CHECK(four == std::vector<std::uint16_t>(4, 0xFFFF));
    REQUIRE(encode(point_of(point_type::i64), 1e30, 0, four));
    CHECK(decoded(point_of(point_type::i64), four).bits == 0x7FFFFFFFFFFFFFFF);
    std::vector<std::uint16_t> two(2);
    REQUIRE(encode(point_of(point_type::f32), 1e300, 0, two));
    CHECK(decoded(point_of(point_type::f32), two).present);
    REQUIRE(encode(point_of(point_type::bcd32), 1e12, 0, two));
    CHECK(decoded(point_of(point_type::bcd32), two).bits == 99999999);
    REQUIRE(encode(point_of(point_type::bcd64), 1e18, 0, four));
    CHECK(decoded(point_of(point_type::bcd64), four).bits == 9999999999999999);
}

TEST_CASE("encode_raw: every pattern of every order comes back exactly", "[drivers][decode]")
{
    std::mt19937_64 random{7};
    for (auto const order : orders)
        for (auto const type : {point_type::u16, point_type::u32, point_type::u64})
            for (int i = 0; i < 1000; ++i) {
                auto const p = point_of(type, order);
                auto const raw = random() >> (64 - bits_of(type));
                std::vector<std::uint16_t> words(p.registers);
                REQUIRE(encode_raw(p, raw, words));
                REQUIRE(decoded(p, words).bits == raw);
            }
}

TEST_CASE("decode: no words whatever crash it, and an absent cell says why", "[drivers][decode]")
{
    std::mt19937_64 random{42};
    for (int i = 0; i < 20000; ++i) {
        auto p =
            point_of(i % 16 == 15 ? point_type::text : numbers[static_cast<std::size_t>(i % 15)], orders[random() % 4]);
        if (p.type == point_type::text)
            p.registers = static_cast<std::uint16_t>(random() % 20);
        p.sentinels = {random() % 4};
        p.negated = random() % 2 == 0;
        std::vector<std::uint16_t> words(random() % 8);
        for (auto& w : words)
            w = static_cast<std::uint16_t>(random());
        std::vector<std::string> texts;
        auto const c = decode(p, words, texts);
        REQUIRE((c.present ? severity_of(c.q) != severity::bad : severity_of(c.q) == severity::bad));
        REQUIRE((p.type != point_type::text || !c.present || c.bits < texts.size()));
    }
}

TEST_CASE("decode: a plain number means what its point means, whatever the words", "[drivers][decode]")
{
    std::mt19937_64 random{7};
    int plain = 0;
    for (int i = 0; i < 20000; ++i) {
        auto p = point_of(numbers[random() % numbers.size()], orders[random() % orders.size()]);
        p.accumulator = random() % 2 == 0;
        p.sentinels.resize(random() % 3, random() % 4);
        p.mask = random() % 4 == 0 ? random() : 0;
        p.negated = random() % 4 == 0;
        auto const n = plain_number_of(p);
        REQUIRE(n.is_plain == (p.mask == 0 && !p.negated && p.sentinels.size() < 2));
        if (!n.is_plain)
            continue;
        std::vector<std::uint16_t> words(random() % 5);
        for (auto& w : words)
            w = random() % 2 == 0 ? static_cast<std::uint16_t>(random()) : static_cast<std::uint16_t>(random() % 4);
        REQUIRE(decode(n, words) == decoded(p, words));
        ++plain;
    }
    CHECK(plain > 4000);
}

TEST_CASE("half_float: every number survives the way there and back", "[drivers][decode]")
{
    for (std::uint32_t h = 0; h <= 0xFFFF; ++h) {
        auto const half = static_cast<std::uint16_t>(h);
        auto const v = float_of_half(half);
        if (std::isfinite(v))
            REQUIRE(half_of(v) == half);
    }
    CHECK(float_of_half(0x3C00) == 1.0F);
    CHECK(float_of_half(0x0001) == std::ldexp(1.0F, -24));
    CHECK(half_of(1e9) == 0x7BFF);
    CHECK(half_of(-1e-30) == 0x8000);
}
