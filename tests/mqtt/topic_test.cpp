#include "protocols/mqtt/topic.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace kilnwatt::mqtt;

TEST_CASE("topic: a name has no wildcard, no NUL and a length MQTT can carry", "[mqtt][topic]")
{
    CHECK(is_topic_name("plant/kiln-1/state"));
    CHECK(is_topic_name("/"));
    CHECK(is_topic_name(std::string(65'535, 'a')));
    CHECK_FALSE(is_topic_name(""));
    CHECK_FALSE(is_topic_name("plant/#"));
    CHECK_FALSE(is_topic_name("plant/+/state"));
    CHECK_FALSE(is_topic_name(std::string_view{"a\0b", 3}));
    CHECK_FALSE(is_topic_name(std::string(65'536, 'a')));
}

TEST_CASE("topic: a filter may hold wildcards", "[mqtt][topic]")
{
    CHECK(is_topic_filter("plant/+/#"));
    CHECK_FALSE(is_topic_filter(""));
    CHECK_FALSE(is_topic_filter(std::string_view{"a\0b", 3}));
}
