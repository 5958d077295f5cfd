#include "agent/control/control_protocol.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;
using verb = control_request::verb;

namespace {

std::string_view without_end(std::string const& line)
{
    return std::string_view{line}.substr(0, line.size() - 1);
}

} // namespace

TEST_CASE("control_protocol: every request comes back as it was written", "[control][control_protocol]")
{
    modbus::read_request const place{17, modbus::table::input_registers, 65'000, 125};
    std::vector<control_request> const all{
        {.what = verb::hello},
        {.what = verb::link, .index = 9'999},
        {.what = verb::read, .link = "tcp://[2001:db8::7]:502", .at = place},
        {.what = verb::write,
         .link = "serial:///dev/ttyUSB0?baud=9600",
         .at = {3, modbus::table::coils, 8, 1},
         .values = {1},
         .multiple = true},
        {.what = verb::write,
         .link = "a \"quoted\" name\n",
         .at = {3, modbus::table::holding_registers, 8, 1},
         .values = {65'535}},
        {.what = verb::lease, .link = "tcp://a:502", .lease = 600s},
        {.what = verb::release, .link = "tcp://a:502"},
    };
    for (auto const& r : all) {
        auto const line = to_line(r);
        INFO(line);
        CHECK(line.find('\n') == line.size() - 1);
        std::string why;
        CHECK(parse_request(without_end(line), why) == r);
    }
}

TEST_CASE("control_protocol: every reply comes back as it was written", "[control][control_protocol]")
{
    std::vector<control_reply> const all{
        {},
        {.error = "illegal address", .modbus = 2},
        {.site = "/etc/kilnwatt/site.toml", .links = 0},
        {.link = "tcp://a:502"},
        {.words = std::vector<std::uint16_t>(modbus::bits_max, 65'535)},
        {.leased = 0s},
    };
    for (auto const& r : all) {
        auto const line = to_line(r);
        CHECK(line.size() <= control_line_max);
        std::string why;
        CHECK(parse_reply(without_end(line), why) == r);
    }
}

TEST_CASE("control_protocol: what is no request gets one sentence", "[control][control_protocol]")
{
    std::vector<std::pair<std::string, std::string>> const bad{
        {"", "no JSON object"},
        {"[1]", "no JSON object"},
        {R"({"v":1,"op":"hello")", "no JSON object"},
        {R"({"v":1,"op":"hello","x":[[[[1]]]]})", "no JSON object"},
        {std::string(control_line_max, ' '), "no JSON object"},
        {R"({"op":"hello"})", "version 1"},
        {R"({"v":2,"op":"hello"})", "version 1"},
        {R"({"v":1,"op":"erase"})", "none of hello, link"},
        {R"({"v":1,"op":"link","index":-1})", "'link'"},
        {R"({"v":1,"op":"read","link":"tcp://a","unit":1,"table":3,"address":65535,"count":2})", "'read'"},
        {R"({"v":1,"op":"read","link":"tcp://a","unit":256,"table":3,"address":0,"count":2})", "'read'"},
        {R"({"v":1,"op":"read","link":"tcp://a","unit":1,"table":3,"address":0,"count":126})", "'read'"},
        {R"({"v":1,"op":"write","link":"a","unit":1,"table":4,"address":0,"values":[2],"multiple":false})", "'write'"},
        {R"({"v":1,"op":"write","link":"a","unit":1,"table":3,"address":0,"values":[],"multiple":false})", "'write'"},
        {R"({"v":1,"op":"write","link":"a","unit":1,"table":3,"address":65535,"values":[1,2],"multiple":false})",
         "'write'"},
        {R"({"v":1,"op":"write","link":"a","unit":1,"table":1,"address":0,"values":[2],"multiple":false})", "'write'"},
        {R"({"v":1,"op":"write","link":"a","unit":1,"table":3,"address":0,"values":[2]})", "'write'"},
        {R"({"v":1,"op":"lease","link":"tcp://a","seconds":601})", "'lease'"},
        {R"({"v":1,"op":"lease","link":"tcp://a","seconds":1.5})", "'lease'"},
    };
    for (auto const& [line, sentence] : bad) {
        INFO(line.substr(0, 100));
        std::string why;
        CHECK_FALSE(parse_request(line, why));
        CHECK_THAT(why, Catch::Contains(sentence));
    }
}
