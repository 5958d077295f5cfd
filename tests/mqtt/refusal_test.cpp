#include "protocols/mqtt/refusal.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace kilnwatt;
using mqtt::errc;

TEST_CASE("refusal: a CONNACK code of either version has its meaning", "[mqtt][refusal]")
{
    std::vector<std::pair<int, errc>> const expected{
        {1, errc::rejected},           {2, errc::rejected},           {3, errc::broker_unavailable},
        {4, errc::bad_credentials},    {5, errc::not_authorised},     {0x80, errc::rejected},
        {0x84, errc::rejected},        {0x85, errc::rejected},        {0x86, errc::bad_credentials},
        {0x87, errc::not_authorised},  {0x88, errc::broker_unavailable}, {0x89, errc::broker_unavailable},
        {0x8a, errc::not_authorised},  {0x9c, errc::broker_unavailable}, {0x9f, errc::broker_unavailable},
    };
    for (auto const& [code, meaning] : expected) {
        INFO("code " << code);
        CHECK(mqtt::connect_refusal(code) == meaning);
    }
}

TEST_CASE("refusal: a refused publish tells permission and quota from the rest", "[mqtt][refusal]")
{
    CHECK(mqtt::request_refusal(0x87) == errc::not_authorised);
    CHECK(mqtt::request_refusal(0x97) == errc::broker_unavailable);
    CHECK(mqtt::request_refusal(0x80) == errc::publish_refused);
    CHECK(mqtt::request_refusal(0x90) == errc::publish_refused);
}

TEST_CASE("refusal: codes have the words of the specification", "[mqtt][refusal]")
{
    CHECK(mqtt::reason_text(0) == "");
    CHECK(mqtt::reason_text(4) == "bad user name or password");
    CHECK(mqtt::reason_text(0x10) == "no matching subscribers");
    CHECK(mqtt::reason_text(0x8e) == "session taken over by a client with the same id");
    CHECK(mqtt::reason_text(0xa2) == "wildcard subscriptions not supported");
    CHECK(mqtt::reason_text(0x7f) == "");
    CHECK(mqtt::reason_text(-1) == "");
    CHECK(mqtt::reason_text(0xff) == "");
}

TEST_CASE("error: each error has a sentence and one remedy", "[mqtt][error]")
{
    for (auto value = static_cast<int>(errc::connect_failed); value <= static_cast<int>(errc::bad_options); ++value) {
        boost::system::error_code const ec{static_cast<errc>(value)};
        INFO(ec.message());
        CHECK(ec.message() != "unknown MQTT error");
        CHECK((ec == remedy::retry) != (ec == remedy::reconfigure));
    }
    CHECK(boost::system::error_code{errc::lost} == remedy::retry);
    CHECK(boost::system::error_code{errc::bad_credentials} == remedy::reconfigure);
}
