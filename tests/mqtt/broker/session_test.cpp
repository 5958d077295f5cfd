#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session.hpp"
#include "tests/support/await.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::mqtt;
using namespace std::chrono_literals;
using boost::system::error_code;
using test::await;
using test::run_until;

namespace {

session_options options(test::mosquitto_broker const& broker, std::string id, int version = 5)
{
    session_options o;
    o.host = "127.0.0.1";
    o.port = broker.port();
    o.client_id = std::move(id);
    o.version = version;
    return o;
}

message text(std::string topic, std::string payload, int qos = 1, bool retain = false)
{
    return {std::move(topic), std::move(payload), qos, retain, std::nullopt};
}

/// Publishes one message and waits for its completion.
error_code publish(asio::io_context& io, session& s, message m)
{
    std::optional<error_code> outcome;
    s.publish(std::move(m), [&](error_code ec) { outcome = ec; });
    CHECK_FALSE(outcome.has_value()); // never inside publish()
    REQUIRE(run_until(io, [&] { return outcome.has_value(); }));
    return *outcome;
}

/// A second session that keeps what it receives.
struct listener {
    listener(asio::io_context& io, session_options o, std::string filter) : link{io.get_executor(), std::move(o)}
    {
        link.on_message([this](message m) { received.push_back(std::move(m)); });
        REQUIRE(await(io, link.connect()).has_value());
        REQUIRE(await(io, link.subscribe(std::move(filter), 1)).has_value());
    }

    session link;
    std::vector<message> received;
};

} // namespace

TEST_CASE("session: a thousand messages pass through the window and all arrive in order", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start({"allow_anonymous true", "max_queued_messages 10000"});
    asio::io_context io;
    constexpr int total = 1000;
    auto receiving = options(broker, "listener", version);
    receiving.inbound_max = total; // Paho's thread may run for long before this one does
    listener other{io, receiving, "plant/#"};
    session s{io.get_executor(), options(broker, "sender", version)};
    CHECK(s.window_free() == 0);
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(s.connected());
    CHECK(s.window_size() == window_max);
    CHECK(s.window_free() == window_max);

    auto sent = 0;
    auto failed = 0;
    auto confirmed = 0;
    auto lowest = window_max;
    auto const feed = [&] {
        for (; sent < total && s.window_free() > 0; ++sent)
            s.publish(text("plant/" + std::to_string(sent % 7), std::to_string(sent)),
                      [&](error_code ec) { ++(ec ? failed : confirmed); });
        lowest = std::min(lowest, s.window_free());
    };
    CHECK(run_until(io, [&] {
        feed();
        return confirmed + failed == total && other.received.size() >= total;
    }));
    CHECK(confirmed == total);
    CHECK(lowest == 0);
    CHECK(s.window_free() == window_max);
    REQUIRE(other.received.size() == total);
    for (int n = 0; n < total; ++n)
        REQUIRE(other.received[static_cast<std::size_t>(n)].payload == std::to_string(n));
    CHECK(other.link.inbound_dropped() == 0);
    await(io, s.disconnect(5s));
    CHECK_FALSE(s.connected());
}

TEST_CASE("session: QoS 0 completes when it is handed over, QoS 2 when it is complete", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    listener other{io, options(broker, "listener"), "plant"};
    session s{io.get_executor(), options(broker, "sender")};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK_FALSE(publish(io, s, text("plant", "zero", 0)));
    CHECK_FALSE(publish(io, s, text("plant", "two", 2)));
    REQUIRE(run_until(io, [&] { return other.received.size() == 2; }));
    CHECK(other.received[0].payload == "zero");
    CHECK(other.received[1].payload == "two");
}

TEST_CASE("session: a killed broker completes each outstanding publish once, then on_lost runs once", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker, "sender", version)};
    auto lost = 0;
    std::map<int, int> completions;
    s.on_lost([&](error_code ec) {
        ++lost;
        CHECK(ec == errc::lost);
        CHECK(completions.size() == window_max);
        CHECK_FALSE(s.connected());
    });
    REQUIRE(await(io, s.connect()).has_value());

    broker.freeze(); // so that nothing is acknowledged
    for (int n = 0; n < window_max; ++n)
        s.publish(text("plant", std::to_string(n)), [&completions, n](error_code ec) {
            ++completions[n];
            CHECK(ec == errc::lost);
        });
    CHECK(s.window_free() == 0);
    CHECK(publish(io, s, text("plant", "one too many")) == errc::window_full);
    broker.kill();
    REQUIRE(run_until(io, [&] { return lost > 0; }));
    for (auto const& [n, times] : completions)
        CHECK(times == 1);
    CHECK(publish(io, s, text("plant", "offline")) == errc::not_connected);
    CHECK(await(io, s.connect()).error() == errc::connect_failed);

    broker.restart();
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(s.window_free() == window_max);
    CHECK_FALSE(publish(io, s, text("plant", "back")));
    await(io, s.disconnect(5s));
    CHECK(lost == 1);
    for (auto const& [n, times] : completions)
        CHECK(times == 1);
}

TEST_CASE("session: nothing of a lost connection is sent on the next one", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker, "sender", 4)};
    auto lost = false;
    s.on_lost([&](error_code) { lost = true; });
    REQUIRE(await(io, s.connect()).has_value());
    broker.freeze();
    auto failed = 0;
    for (int n = 0; n < window_max; ++n)
        s.publish(text("plant", "old", n % 2), [&](error_code ec) { failed += ec ? 1 : 0; });
    broker.kill();
    REQUIRE(run_until(io, [&] { return lost; }));

    broker.restart();
    listener other{io, options(broker, "listener", 4), "plant"};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK_FALSE(publish(io, s, text("plant", "new")));
    REQUIRE(run_until(io, [&] { return !other.received.empty(); }));
    CHECK(other.received.size() == 1);
    CHECK(other.received.front().payload == "new");
}

TEST_CASE("session: wrong credentials are told from a broker that cannot be reached", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start({"allow_anonymous false", "password_file " + broker.write_password("gateway", "right")});
    asio::io_context io;
    auto o = options(broker, "sender", version);
    o.user = "gateway";
    o.password = "wrong";
    session wrong{io.get_executor(), o};
    auto const refused = await(io, wrong.connect());
    REQUIRE(refused.has_error());
    CHECK(refused.error() == errc::not_authorised); // mosquitto does not say which of the two was wrong
    CHECK(refused.error() == remedy::reconfigure);
    CHECK(wrong.reason() == "not authorized");

    o.password = "right";
    session right{io.get_executor(), o};
    CHECK(await(io, right.connect()).has_value());
    broker.stop();
    auto lost = false;
    right.on_lost([&](error_code) { lost = true; });
    REQUIRE(run_until(io, [&] { return lost; }));
    CHECK(await(io, right.connect()).error() == errc::connect_failed);
}

TEST_CASE("session: a publish that the ACL forbids is visible on MQTT 5 only", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    auto const acl = broker.folder().write("acl", "topic readwrite plant/#\n");
    broker.start({"allow_anonymous true", "acl_file " + acl});
    asio::io_context io;
    session five{io.get_executor(), options(broker, "five", 5)};
    session four{io.get_executor(), options(broker, "four", 4)};
    REQUIRE(await(io, five.connect()).has_value());
    REQUIRE(await(io, four.connect()).has_value());

    CHECK(publish(io, five, text("other/x", "1")) == errc::not_authorised);
    CHECK(five.reason() == "not authorized");
    CHECK_FALSE(publish(io, five, text("plant/x", "1")));
    CHECK(five.connected());
    CHECK_FALSE(publish(io, four, text("other/x", "1"))); // 3.1.1 has no word for it
}

TEST_CASE("session: the will is sent after ack_timeout and after a crash, not after disconnect", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    listener other{io, options(broker, "listener", version), "plant/status"};
    auto o = options(broker, "sender", version);
    o.ack_timeout = 2s;
    o.will = text("plant/status", "offline", 1, true);
    auto s = std::make_unique<session>(io.get_executor(), o);
    std::optional<error_code> lost;
    s->on_lost([&](error_code ec) { lost = ec; });
    REQUIRE(await(io, s->connect()).has_value());

    SECTION("ack_timeout")
    {
        broker.freeze();
        std::optional<error_code> outcome;
        s->publish(text("plant/value", "1"), [&](error_code ec) { outcome = ec; });
        REQUIRE(run_until(io, [&] { return lost.has_value(); }));
        CHECK(*lost == errc::ack_timeout);
        REQUIRE(outcome.has_value());
        CHECK(*outcome == errc::ack_timeout);
        broker.thaw();
        REQUIRE(run_until(io, [&] { return !other.received.empty(); }));
        CHECK(other.received.front().payload == "offline");
        CHECK(await(io, s->connect()).has_value());
    }
    SECTION("the session is destroyed while connected")
    {
        s.reset();
        REQUIRE(run_until(io, [&] { return !other.received.empty(); }));
        CHECK(other.received.front().payload == "offline");
        CHECK_FALSE(lost.has_value());
    }
    SECTION("disconnect")
    {
        CHECK_FALSE(publish(io, *s, text("plant/status", "stopped")));
        await(io, s->disconnect(5s));
        CHECK_FALSE(lost.has_value());
        CHECK_FALSE(publish(io, other.link, text("plant/status", "marker")));
        REQUIRE(run_until(io, [&] { return other.received.size() >= 2; }));
        CHECK(other.received[0].payload == "stopped");
        CHECK(other.received[1].payload == "marker");
    }
}

TEST_CASE("session: a retained message arrives with its flag, a live one without", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker, "sender", version)};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK_FALSE(publish(io, s, text("plant/state", "kept", 1, true)));

    listener other{io, options(broker, "listener", version), "plant/#"};
    CHECK_FALSE(publish(io, s, text("plant/state", "live", 1, true)));
    REQUIRE(run_until(io, [&] { return other.received.size() == 2; }));
    CHECK(other.received[0].payload == "kept");
    CHECK(other.received[0].retain);
    CHECK(other.received[0].topic == "plant/state");
    CHECK(other.received[1].payload == "live");
    CHECK_FALSE(other.received[1].retain);
}

TEST_CASE("session: an inbound message that is too large never reaches the handler", "[mqtt][session]")
{
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    listener other{io, options(broker, "listener", version), "plant"};
    session s{io.get_executor(), options(broker, "sender", version)};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK_FALSE(publish(io, s, text("plant", std::string(2 * inbound_bytes_max, 'x'))));
    CHECK_FALSE(publish(io, s, text("plant", std::string(inbound_bytes_max, 'x'))));
    REQUIRE(run_until(io, [&] { return !other.received.empty(); }));
    CHECK(other.received.size() == 1);
    CHECK(other.received.front().payload.size() == inbound_bytes_max);
    CHECK(other.link.inbound_dropped() == (version == 5 ? 0u : 1u)); // MQTT 5 tells the broker
    CHECK(other.link.connected());
}

TEST_CASE("session: a host name is tried on all its addresses", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start(); // on 127.0.0.1 only, while localhost may also be ::1
    asio::io_context io;
    auto o = options(broker, "sender");
    o.host = "localhost";
    session s{io.get_executor(), o};
    CHECK(await(io, s.connect()).has_value());
    o.host = "no-such-host.invalid";
    session nowhere{io.get_executor(), o};
    CHECK(await(io, nowhere.connect()).error() == errc::connect_failed);
}

TEST_CASE("session: a second client with the same id ends the first one once", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session first{io.get_executor(), options(broker, "twin")};
    session second{io.get_executor(), options(broker, "twin")};
    auto lost = 0;
    first.on_lost([&](error_code) { ++lost; });
    REQUIRE(await(io, first.connect()).has_value());
    REQUIRE(await(io, second.connect()).has_value());
    REQUIRE(run_until(io, [&] { return lost > 0; }));
    CHECK(lost == 1);
    CHECK_FALSE(first.connected());
    CHECK(second.connected());
}

TEST_CASE("session: what cannot be used fails without asking the broker", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    auto bad = options(broker, "sender");
    bad.host.clear();
    session nowhere{io.get_executor(), bad};
    CHECK(await(io, nowhere.connect()).error() == errc::bad_options);
    bad = options(broker, "sender");
    bad.will = text("plant/#", "offline");
    session wild{io.get_executor(), bad};
    CHECK(await(io, wild.connect()).error() == errc::bad_options);

    session s{io.get_executor(), options(broker, "sender")};
    CHECK(await(io, s.subscribe("plant", 1)).error() == errc::not_connected);
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(await(io, s.connect()).error() == errc::bad_options);
    CHECK(publish(io, s, text("plant/+", "x")) == errc::bad_options);
    CHECK(await(io, s.subscribe("", 1)).error() == errc::bad_options);
    CHECK(s.connected());
    CHECK_FALSE(publish(io, s, text("plant/1", "x")));
}

TEST_CASE("session: sessions come and go at any moment", "[mqtt][session]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    for (int round = 0; round < 20; ++round) {
        auto s = std::make_unique<session>(io.get_executor(), options(broker, "passing", round % 2 == 0 ? 5 : 4));
        auto ended = false;
        auto const ending = [&](std::exception_ptr, result<void>) { ended = true; };
        asio::co_spawn(io, s->connect(), ending);
        if (round % 4 == 0) { // in the middle of connect()
            for (int step = 0; step < round; ++step)
                io.poll_one();
        } else {
            REQUIRE(run_until(io, [&] { return ended; }));
            REQUIRE(s->connected());
            for (int n = 0; n < window_max; ++n)
                s->publish(text("plant", "x"), [](error_code) {});
            if (round % 4 == 3) // from inside a callback of its own
                s->publish(text("plant/+", "x"), [&s](error_code) { s.reset(); });
        }
        if (round % 4 != 3)
            s.reset();
        REQUIRE(run_until(io, [&] { return ended && !s; }));
    }
}
