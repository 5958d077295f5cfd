#include "agent/journal/row_decoder.hpp"
#include "agent/journal/row_encoder.hpp"
#include "agent/journal/varint.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <bit>
#include <limits>
#include <map>

using namespace journal_test;
using namespace kilnwatt::journal;

namespace {

std::span<std::uint8_t const> bytes_of(std::string const& body)
{
    return {reinterpret_cast<std::uint8_t const*>(body.data()), body.size()};
}

std::string hex(std::string const& body)
{
    std::string text;
    for (auto const b : bytes_of(body))
        text += fmt::format("{:02x} ", b);
    text.pop_back();
    return text;
}

/// Decodes one body with one layout for every id.
result<void> decode_one(row_decoder& d, std::string const& body, std::uint64_t count, layout_ptr const& l,
                        std::vector<decoded_row>& out)
{
    return d.decode(bytes_of(body), count, [&](std::uint32_t) { return l; }, out);
}

/// A cell of one column through a block of two rows and back.
std::uint64_t through(value_kind kind, std::uint64_t first, std::uint64_t second)
{
    auto const l = std::make_shared<layout const>(layout{"d", stream::readings, "", {col("c", kind)}});
    row_encoder e;
    std::string body;
    row_encoder::begin(body);
    e.add(body, 1, 1, 0, {l, {}, {{first, quality::good, true}}, {}});
    e.add(body, 1, 2, 0, {l, {}, {{second, quality::good, true}}, {}});
    row_decoder d;
    std::vector<decoded_row> rows;
    REQUIRE(decode_one(d, body, 2, l, rows).has_value());
    CHECK(rows[0].data.cells[0].bits == first);
    return rows[1].data.cells[0].bits;
}

} // namespace

TEST_CASE("row_codec: the bytes of a small block are the format", "[journal][row_codec]")
{
    auto const l = std::make_shared<layout const>(layout{
        "kiln", stream::readings, "", {col("t", value_kind::i64), col("f", value_kind::f64), col("s", value_kind::text)}});
    row_encoder e;
    std::string body;
    row_encoder::begin(body);
    row first{l, {mono_time{milliseconds{1000}}, {}}, {cell_of(std::int64_t{-2}), cell_of(1.5), {0, quality::good, true}},
              {"ab"}};
    e.add(body, 7, 1, 0, first);
    CHECK(hex(body) == "01 "          // format
                       "00 07 "       // first layout of the block, its id
                       "d0 0f "       // mono 1000
                       "07 "          // all three changed
                       "03 "          // -2
                       "31 f8 3f "    // 0x3ff8 << 48
                       "02 61 62");   // "ab"

    row_encoder::begin(body);
    auto second = first;
    second.time.mono += milliseconds{500};
    second.cells[0] = absent(quality::timeout);
    e.add(body, 7, 3, 1000, second);
    second.time.mono += milliseconds{500};
    second.cells[0] = cell_of(std::int64_t{-1});
    e.add(body, 7, 4, 0, second);
    CHECK(hex(body) == "01 "
                       "01 07 "       // flags follow: seq, residual, qualities
                       "02 "          // seq 1 + 2
                       "e8 07 "       // 500 ms after the row before
                       "d0 0f "       // residual 1000 ms
                       "01 41 "       // first cell: timeout, absent
                       "00 "          // no value changed
                       "01 04 00 "    // qualities; the same interval
                       "01 80 "       // good, present
                       "01 02");      // -2 + 1
}

TEST_CASE("row_codec: any rows come back from any chunking", "[journal][row_codec]")
{
    std::mt19937_64 random{GENERATE(range(0u, 40u))};
    std::vector<layout_ptr> layouts;
    for (int i = 0; i < 5; ++i)
        layouts.push_back(random_layout(random, "d" + std::to_string(i)));
    auto const find = [&](std::uint32_t id) { return id >= 10 && id < 15 ? layouts[id - 10] : nullptr; };

    row_encoder e;
    row_decoder d;
    std::map<std::size_t, std::pair<std::uint64_t, row>> last;
    for (int chunk = 0; chunk < 30; ++chunk) {
        if (random() % 10 == 0) {
            e.reset();
            d.reset();
        }
        std::string body;
        row_encoder::begin(body);
        std::vector<decoded_row> wanted;
        for (auto n = random() % 8; n > 0; --n) {
            auto const which = random() % layouts.size();
            auto const known = last.find(which);
            auto r = random_row(random, layouts[which], known == last.end() ? nullptr : &known->second.second);
            auto const seq = (known == last.end() ? 0 : known->second.first) + (random() % 5 == 0 ? 1 + random() % 9 : 1);
            auto const residual = random() % 5 == 0 ? static_cast<std::int64_t>(random()) : 0;
            e.add(body, static_cast<std::uint32_t>(10 + which), seq, residual, r);
            last.insert_or_assign(which, std::pair{seq, r});
            wanted.push_back({seq, residual, std::move(r)});
        }
        std::vector<decoded_row> got;
        REQUIRE(d.decode(bytes_of(body), wanted.size(), find, got).has_value());
        REQUIRE(got.size() == wanted.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
            CHECK(got[i].seq == wanted[i].seq);
            CHECK(got[i].residual_ms == wanted[i].residual_ms);
            wanted[i].data.time.utc = {};
            CHECK(same(got[i].data, wanted[i].data));
        }
    }
}

TEST_CASE("row_codec: the extremes of 64 bits come back, in both directions", "[journal][row_codec]")
{
    constexpr auto top = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::uint64_t> const numbers{0, 1, top, top - 1, top / 2, top / 2 + 1, 0xFF00, std::uint64_t{1} << 56,
                                             std::bit_cast<std::uint64_t>(-0.0), std::bit_cast<std::uint64_t>(1e308)};
    for (auto const kind : {value_kind::i64, value_kind::u64, value_kind::f32, value_kind::f64})
        for (auto const a : numbers)
            for (auto const b : numbers)
                CHECK(through(kind, a, b) == b);
}

TEST_CASE("row_codec: extreme times come back", "[journal][row_codec]")
{
    auto const l = simple_layout("d", 0);
    row_encoder e;
    std::string body;
    row_encoder::begin(body);
    using limits = std::numeric_limits<std::int64_t>;
    std::vector<std::int64_t> const times{0, limits::max(), limits::min(), -1, limits::max(), 5};
    for (std::size_t i = 0; i < times.size(); ++i)
        e.add(body, 0, i + 1, limits::min(), {l, {mono_time{milliseconds{times[i]}}, {}}, {}, {}});
    row_decoder d;
    std::vector<decoded_row> rows;
    REQUIRE(decode_one(d, body, times.size(), l, rows).has_value());
    for (std::size_t i = 0; i < times.size(); ++i) {
        CHECK(rows[i].data.time.mono.time_since_epoch().count() == times[i]);
        CHECK(rows[i].residual_ms == limits::min());
    }
}

TEST_CASE("row_codec: a body with a byte too few or too many is damaged", "[journal][row_codec]")
{
    std::mt19937_64 random{1};
    auto const l = random_layout(random, "d");
    row_encoder e;
    std::string body;
    row_encoder::begin(body);
    for (std::uint64_t i = 1; i <= 3; ++i)
        e.add(body, 1, i * 2, 9, random_row(random, l, nullptr));
    for (std::size_t n = 0; n <= body.size() + 1; ++n) {
        auto cut = body;
        cut.resize(n);
        row_decoder d;
        std::vector<decoded_row> rows;
        CHECK(decode_one(d, cut, 3, l, rows).has_value() == (n == body.size()));
    }
}

TEST_CASE("row_codec: random bytes are an error and never a crash", "[journal][row_codec]")
{
    std::mt19937_64 random{2};
    auto const l = random_layout(random, "d");
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string body(1 + random() % 60, '\0');
        for (auto& c : body)
            c = static_cast<char>(random());
        body[0] = static_cast<char>(row_format);
        row_decoder d;
        std::vector<decoded_row> rows;
        accepted += decode_one(d, body, 1 + random() % 4, l, rows).has_value() ? 1 : 0;
    }
    CHECK(accepted < 20);
}

TEST_CASE("canonical: absent cells lose their bits and texts stand in the order of their columns", "[journal][canonical]")
{
    auto const l = std::make_shared<layout const>(
        layout{"d", stream::event, "", {col("a", value_kind::text), col("n"), col("b", value_kind::text)}});
    row r{l, {}, {{1, quality::good, true}, {99, quality::timeout, false}, {0, quality::good, true}}, {"b", "a", "unused"}};
    REQUIRE(canonical(r));
    CHECK(r.texts == std::vector<std::string>{"a", "b"});
    CHECK(r.cells[0].bits == 0);
    CHECK(r.cells[1] == absent(quality::timeout));
    CHECK(r.cells[2].bits == 1);

    r.cells[2].bits = 7;
    REQUIRE(canonical(r));
    CHECK_FALSE(r.cells[2].present);
    r.cells.pop_back();
    CHECK_FALSE(canonical(r));
    r.layout = nullptr;
    CHECK_FALSE(canonical(r));
}
