#include "protocols/mqtt/outstanding.hpp"

#include <catch2/catch.hpp>

using kilnwatt::mqtt::outstanding;
using kind = outstanding::kind;
using namespace std::chrono_literals;

namespace {

outstanding::clock::time_point const t0{1000s};

outstanding::done nothing()
{
    return [](boost::system::error_code) {};
}

} // namespace

TEST_CASE("outstanding: numbers rise and are never used twice", "[mqtt][outstanding]")
{
    outstanding table{10s};
    CHECK(table.add(kind::publish, nothing(), t0) == 1);
    CHECK(table.add(kind::subscribe, nothing(), t0) == 2);
    CHECK(table.take_all().size() == 2);
    CHECK(table.add(kind::publish, nothing(), t0) == 3);
}

TEST_CASE("outstanding: a request is answered once", "[mqtt][outstanding]")
{
    outstanding table{10s};
    auto calls = 0;
    auto const number = table.add(kind::publish, [&calls](boost::system::error_code) { ++calls; }, t0);

    auto const first = table.finish(number);
    REQUIRE(first.has_value());
    first->completed({});
    CHECK(calls == 1);
    CHECK_FALSE(table.finish(number).has_value());
    CHECK_FALSE(table.finish(number + 1).has_value());
}

TEST_CASE("outstanding: an answer to a request of an earlier connection matches nothing", "[mqtt][outstanding]")
{
    outstanding table{10s};
    auto const old = table.add(kind::publish, nothing(), t0);
    table.take_all();
    auto const fresh = table.add(kind::publish, nothing(), t0);
    CHECK_FALSE(table.finish(old).has_value());
    CHECK(table.finish(fresh).has_value());
}

TEST_CASE("outstanding: the deadline is that of the oldest request left", "[mqtt][outstanding]")
{
    outstanding table{10s};
    CHECK_FALSE(table.deadline().has_value());
    auto const first = table.add(kind::publish, nothing(), t0);
    auto const second = table.add(kind::publish, nothing(), t0 + 3s);
    table.add(kind::publish, nothing(), t0 + 4s);
    CHECK(table.deadline() == t0 + 10s);

    table.finish(second); // answers may come in any order
    CHECK(table.deadline() == t0 + 10s);
    table.finish(first);
    CHECK(table.deadline() == t0 + 14s);
}

TEST_CASE("outstanding: publishes and subscriptions are counted apart", "[mqtt][outstanding]")
{
    outstanding table{10s};
    table.add(kind::publish, nothing(), t0);
    table.add(kind::subscribe, nothing(), t0);
    table.add(kind::publish, nothing(), t0);
    CHECK(table.count(kind::publish) == 2);
    CHECK(table.count(kind::subscribe) == 1);
    CHECK_FALSE(table.empty());
    CHECK(table.take_all().front().number == 1);
    CHECK(table.empty());
}
