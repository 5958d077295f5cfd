#include "protocols/sparkplug/command.hpp"
#include "protocols/sparkplug/payload.hpp"
#include "protocols/sparkplug/primary_host.hpp"
#include "protocols/sparkplug/topic.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::sparkplug;
using namespace std::chrono_literals;

TEST_CASE("payload: what is encoded decodes to the same", "[sparkplug][payload]")
{
    payload p;
    p.timestamp = utc_time{1'782'000'000'123ms};
    p.seq = 0;
    auto const lowest = std::numeric_limits<std::int64_t>::min();
    p.metrics.push_back(
        {"AC/Power", 0u, p.timestamp, 10u, false, 0.0, {{"engUnit", std::string{"W"}}, {"Quality", 0}}});
    p.metrics.push_back({"", 1u, p.timestamp, {}, true, lowest, {}});
    p.metrics.push_back({"Node Control/Rebirth", {}, {}, 11u, false, false, {}});
    p.metrics.push_back({"text", 2u, {}, 12u, false, std::string{"\xE7\xAA\x91\xE7\x82\x89"}, {}});
    p.metrics.push_back({"not read", 3u, {}, 4u, false, {}, {}});
    CHECK(decode(encode(p)) == p);
}

TEST_CASE("payload: zeros are written, since a missing seq or value means something else", "[sparkplug][payload]")
{
    payload p;
    p.seq = 0;
    p.metrics.push_back({.alias = 0u, .value = std::int64_t{0}});
    // seq is field 3, metrics field 2; of the metric: alias field 2, long_value field 11
    CHECK(encode(p) == std::string("\x12\x04\x10\x00\x58\x00\x18\x00", 8));
}

TEST_CASE("payload: an integer is taken from either field that hosts use", "[sparkplug][payload]")
{
    // datatype 7 (UInt32) in int_value, in long_value, and Int32 -5 sign-extended in int_value
    auto const one = decode(std::string("\x12\x04\x20\x07\x50\x2A", 6));
    auto const two = decode(std::string("\x12\x04\x20\x07\x58\x2A", 6));
    auto const three = decode(std::string("\x12\x08\x20\x03\x50\xFB\xFF\xFF\xFF\x0F", 10));
    REQUIRE((one && two && three));
    CHECK(one->metrics.front().value == metric_value{std::int64_t{42}});
    CHECK(two->metrics.front().value == metric_value{std::int64_t{42}});
    CHECK(three->metrics.front().value == metric_value{std::int64_t{-5}});
}

TEST_CASE("payload: what is not UTF-8 is never sent", "[sparkplug][payload]")
{
    payload p;
    p.metrics.push_back({.name = "a\xFF"
                                 "b\xED\xA0\x80",
                         .value = std::string{"\xC0\xAF ok"}});
    auto const back = decode(encode(p));
    REQUIRE(back.has_value());
    CHECK(back->metrics.front().name == "a?b???");
    CHECK(back->metrics.front().value == metric_value{std::string{"?? ok"}});
}

TEST_CASE("payload: random bytes and cut payloads never do harm", "[sparkplug][payload]")
{
    std::mt19937 random{7};
    payload p;
    p.timestamp = utc_time{1ms};
    for (int i = 0; i < 20; ++i)
        p.metrics.push_back({"m" + std::to_string(i), 1u, {}, 10u, false, 1.5, {{"engUnit", std::string{"W"}}}});
    auto const good = encode(p);
    for (int i = 0; i < 20'000; ++i) {
        auto bytes = good.substr(0, random() % (good.size() + 1));
        for (unsigned n = random() % 4; n > 0 && !bytes.empty(); --n)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        auto const read = decode(bytes);
        if (read)
            static_cast<void>(encode(*read));
        static_cast<void>(read_command(bytes, true));
    }
    CHECK_FALSE(decode(std::string(payload_bytes_max + 1, 'x')).has_value());
}

TEST_CASE("command: a rebirth is the Boolean true of its name, and everything else is refused", "[sparkplug][command]")
{
    payload p;
    p.metrics.push_back({.name = "Node Control/Rebirth", .value = true});
    CHECK(read_command(encode(p), true).rebirth);
    CHECK(read_command(encode(p), true).refused.empty());
    CHECK_FALSE(read_command(encode(p), false).rebirth);
    p.metrics.front().value = std::int64_t{1};
    CHECK_FALSE(read_command(encode(p), true).rebirth);
    p.metrics.front().value = {};
    CHECK_FALSE(read_command(encode(p), true).rebirth);
    for (int i = 0; i < 20; ++i)
        p.metrics.push_back({.name = "x\x1b[31m", .value = 1.0});
    p.metrics.push_back({.alias = 7u, .value = 1.0});
    auto const c = read_command(encode(p), true);
    CHECK(c.refused_count == 21);
    CHECK(c.refused.size() == 8);
    CHECK(c.refused.front() == "x?[31m");
    CHECK(read_command("\xff", true).malformed);
}

TEST_CASE("primary_host: obeys the newest word of its own host", "[sparkplug][primary_host]")
{
    using verdict = primary_host::verdict;
    utc_time const now{1'782'000'000'000ms};
    primary_host host{"scada"};
    CHECK(host.topic() == "spBv1.0/STATE/scada");
    CHECK_FALSE(host.online());
    CHECK(host.on_state(R"({"online":true,"timestamp":1000})", now) == verdict::online); // the first always counts
    CHECK(host.on_state(R"({"online":false,"timestamp":999})", now) == verdict::ignored);
    CHECK(host.online());
    CHECK(host.on_state(R"({"online":false,"timestamp":1000})", now) == verdict::offline);
    for (auto const* wrong :
         {"", "ONLINE", "{}", R"({"online":"true","timestamp":2000})", R"({"online":true})",
          R"({"online":true,"timestamp":"2000"})", R"([true])", R"({"online":true,"timestamp":-1})"})
        CHECK(host.on_state(wrong, now) == verdict::ignored);
    CHECK(host.on_state(R"({"online":true,"timestamp":1000})", now) == verdict::online);
    host.disconnected();
    CHECK_FALSE(host.online());
    CHECK(host.on_state(R"({"online":true,"timestamp":999})", now) == verdict::ignored); // remembered over reconnects
    CHECK(primary_host{""}.online());
}

TEST_CASE("primary_host: one word from the far future does not lock it out", "[sparkplug][primary_host]")
{
    utc_time const now{1'782'000'000'000ms};
    primary_host host{"scada"};
    host.on_state(R"({"online":false,"timestamp":1882000000000})", now);
    CHECK(host.on_state(R"({"online":true,"timestamp":1782000000000})", now) == primary_host::verdict::online);
}

TEST_CASE("topic: ids are levels of a topic, and metric names keep folders", "[sparkplug][topic]")
{
    CHECK(topic({"G", "N"}, "NBIRTH") == "spBv1.0/G/NBIRTH/N");
    CHECK(topic({"G", "N"}, "DDATA", "d") == "spBv1.0/G/DDATA/N/d");
    CHECK(is_valid_id("Liling"));
    for (auto const* wrong : {"", "a/b", "+", "#", "a\n"})
        CHECK_FALSE(is_valid_id(wrong));
    CHECK(metric_name("site.pv_first") == "site/pv_first");
    CHECK(metric_name("a b[1]%") == "a b_1__");
}
