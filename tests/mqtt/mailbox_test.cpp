#include "protocols/mqtt/mailbox.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <thread>
#include <utility>
#include <vector>

using namespace kilnwatt::mqtt;

namespace {

message text(std::string payload)
{
    return {"topic", std::move(payload), 0, false, std::nullopt};
}

} // namespace

TEST_CASE("mailbox: events arrive in order, on the executor, with their epoch", "[mqtt][mailbox]")
{
    asio::io_context io;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
    auto const self = std::this_thread::get_id();
    auto const box = std::make_shared<mailbox>(io.get_executor(), [&](std::uint64_t epoch, event& e) {
        CHECK(std::this_thread::get_id() == self);
        seen.emplace_back(epoch, std::get<answer_event>(e).number);
    });

    std::thread paho{[&box] {
        for (std::uint64_t n = 0; n < 100; ++n)
            box->put(n / 50, answer_event{n});
    }};
    paho.join();
    CHECK(seen.empty());
    io.run();

    REQUIRE(seen.size() == 100);
    for (std::uint64_t n = 0; n < 100; ++n)
        CHECK(seen[n] == std::pair{n / 50, n});
}

TEST_CASE("mailbox: messages beyond the limits are dropped and counted, answers never", "[mqtt][mailbox]")
{
    asio::io_context io;
    auto messages = 0;
    auto answers = 0;
    auto const box = std::make_shared<mailbox>(io.get_executor(), [&](std::uint64_t, event& e) {
        ++(std::holds_alternative<message>(e) ? messages : answers);
    });

    for (int n = 0; n < inbound_max + 10; ++n) {
        box->put(1, text("x"));
        box->put(1, answer_event{1});
    }
    io.run();
    CHECK(messages == inbound_max);
    CHECK(answers == inbound_max + 10);
    CHECK(box->dropped() == 10);

    SECTION("and there is room again once they are handed over")
    {
        box->put(1, text(std::string(inbound_bytes_max, 'x')));
        box->put(1, text(std::string(inbound_bytes_max + 1, 'x')));
        io.restart();
        io.run();
        CHECK(messages == inbound_max + 1);
        CHECK(box->dropped() == 11);
    }
}

TEST_CASE("mailbox: after close nothing is handed over", "[mqtt][mailbox]")
{
    asio::io_context io;
    auto calls = 0;
    std::shared_ptr<mailbox> box;
    box = std::make_shared<mailbox>(io.get_executor(), [&](std::uint64_t, event&) {
        ++calls;
        box->close(); // as when a handler destroys the session
    });

    box->put(1, answer_event{1});
    box->put(1, answer_event{2});
    io.run();
    CHECK(calls == 1);
    box->put(1, answer_event{3});
    io.restart();
    CHECK(io.run() == 0);
    CHECK(calls == 1);
    box.reset();
}
