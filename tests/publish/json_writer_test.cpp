#include "agent/publish/json_writer.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace kilnwatt;
using publish::json_writer;

namespace {

template <class T>
std::string written(T const& v)
{
    json_writer out;
    out.value(v);
    return out.take();
}

} // namespace

TEST_CASE("json_writer: objects and arrays nest with commas where they belong", "[publish][json_writer]")
{
    json_writer out;
    out.begin_object();
    out.member("a", 1);
    out.key("b");
    out.begin_array();
    out.begin_object();
    out.end_object();
    out.begin_array();
    out.end_array();
    out.value(true);
    out.null();
    out.value("x");
    out.end_array();
    out.member("c", false);
    out.key("d");
    out.begin_object();
    out.member("e", 2.5);
    out.end_object();
    out.end_object();
    CHECK(out.take() == R"({"a":1,"b":[{},[],true,null,"x"],"c":false,"d":{"e":2.5}})");
}

TEST_CASE("json_writer: integers keep all 64 bits", "[publish][json_writer]")
{
    CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(written(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(written(0) == "0");
    CHECK(written(value{std::uint64_t{9007199254740993}}) == "9007199254740993");
}

TEST_CASE("json_writer: doubles look like doubles, and what is no number is null", "[publish][json_writer]")
{
    CHECK(written(1.0) == "1.0");
    CHECK(written(0.1) == "0.1");
    CHECK(written(-0.0) == "-0.0");
    CHECK(written(1e300) == "1e+300");
    CHECK(written(91.67) == "91.67");
    CHECK(written(std::nan("")) == "null");
    CHECK(written(std::numeric_limits<double>::infinity()) == "null");
    CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
    CHECK(written(value{}) == "null");
}

TEST_CASE("json_writer: any finite double reads back to the same bits", "[publish][json_writer]")
{
    std::mt19937_64 random{1};
    int finite = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto const bits = random();
        double number;
        std::memcpy(&number, &bits, sizeof number);
        if (!std::isfinite(number))
            continue;
        ++finite;
        auto const text = written(number);
        REQUIRE(std::strtod(text.c_str(), nullptr) == number);
        REQUIRE(boost::json::parse(text).is_double());
    }
    CHECK(finite > 19'000);
}

TEST_CASE("json_writer: texts are escaped and always valid UTF-8", "[publish][json_writer]")
{
    CHECK(written("a\"b\\c") == R"("a\"b\\c")");
    CHECK(written(std::string{"\n\r\t\x01\x1f\0", 6}) == R"("\n\r\t\u0001\u001f\u0000")");
    CHECK(written("Größe 温度 \xF0\x9F\x94\xA5") == "\"Größe 温度 \xF0\x9F\x94\xA5\"");

    std::string const bad = "\"\xEF\xBF\xBD\"";
    CHECK(written("\xFF") == bad);
    CHECK(written("\x80") == bad);
    CHECK(written("\xC3") == bad);                                // cut short
    CHECK(written("\xC0\xAF") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\""); // overlong '/'
    CHECK(written("\xE0\x9F\xBF") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK(written("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""); // surrogate
    CHECK(written("\xF4\x90\x80\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK(written("\xE6\xB8x") == "\"\xEF\xBF\xBD\xEF\xBF\xBDx\"");
}

TEST_CASE("json_writer: random bytes as key and text make JSON that a strict parser takes", "[publish][json_writer]")
{
    std::mt19937 random{5};
    for (int i = 0; i < 3'000; ++i) {
        std::string text(random() % 24, ' ');
        for (auto& c : text)
            c = static_cast<char>(random() % 3 == 0 ? random() % 128 : 0x80 + random() % 128);
        json_writer out;
        out.begin_object();
        out.member(text, text);
        out.end_object();
        boost::json::error_code ec;
        boost::json::parse(out.take(), ec);
        REQUIRE_FALSE(ec);
    }
}
