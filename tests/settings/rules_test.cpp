#include "agent/settings/broker_url.hpp"
#include "agent/settings/time_zones.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::settings;

TEST_CASE("broker_url: host and port are told apart, the port has a default", "[settings][broker_url]")
{
    struct row {
        std::string_view url, host;
        int port;
        bool tls;
    };
    for (auto const& r :
         {row{"mqtt://broker", "broker", 1883, false}, row{"mqtts://Broker.Example", "broker.example", 8883, true},
          row{"mqtt://192.0.2.1:18830", "192.0.2.1", 18830, false},
          row{"mqtts://[2001:DB8::1]:1", "2001:db8::1", 1, true}, row{"mqtt://[::1]", "::1", 1883, false}}) {
        INFO(r.url);
        std::string why;
        auto const b = parse_broker_url(r.url, why);
        REQUIRE(b.has_value());
        CHECK(b->host == r.host);
        CHECK(b->port == r.port);
        CHECK(b->tls == r.tls);
    }
}

TEST_CASE("broker_url: what is no address is refused with a sentence", "[settings][broker_url]")
{
    for (auto const* url : {"", "broker", "mqtt:/broker", "tcp://broker", "mqtt://", "mqtt://:1883", "mqtt://a:0",
                            "mqtt://a:65536", "mqtt://a:", "mqtt://a:18x", "mqtt://a/b", "mqtt://u:p@a",
                            "mqtt://fe80::1", "mqtt://[::1", "mqtt://[::1]x", "mqtt://a b", "mqtt://[]", "MQTT://a"}) {
        INFO(url);
        std::string why;
        CHECK_FALSE(parse_broker_url(url, why).has_value());
        CHECK_FALSE(why.empty());
    }
}

TEST_CASE("time_zones: names of the system's database are known, nothing else is", "[settings][time_zones]")
{
    for (auto const* name : {"Asia/Shanghai", "UTC", "Etc/GMT+8", "America/Argentina/Buenos_Aires"})
        CHECK(is_time_zone(name));
    for (auto const* name : {"", "Asia", "Asia/Shangai", "../../../etc/passwd", "/usr/share/zoneinfo/UTC", "tzdata.zi",
                             "UTC\n", "Asia/../UTC"})
        CHECK_FALSE(is_time_zone(name));
    CHECK(similar_time_zone("Asia/Shangai") == "Asia/Shanghai");
    CHECK(similar_time_zone("Europe/Berln") == "Europe/Berlin");
    CHECK(similar_time_zone("Middle-earth/Gondor").empty());
}
