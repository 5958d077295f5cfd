#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session.hpp"
#include "tests/support/await.hpp"
#include "tests/support/fault_broker.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <stdexcept>
#include <thread>

// Faults of Paho C 1.3.12 and C++ 1.2.0 that protocols/mqtt keeps away from, and the test of each:
//
//   a slow callback stops every client of the process       here: a handler that waits
//   an exception in a callback ends the process             here: a handler that throws
//   handlers set after connect() deadlock under traffic     here: under traffic
//   subscriptions are not restored by a reconnect           here: subscriptions end; sink: sparkplug_session_test.cpp
//   moved connect options lose their properties             here: properties of CONNECT
//   reconnect() and automatic reconnect reuse an old will   here: each CONNECT has the will that was set last
//   101 messages at once overflow the default buffer        here: a burst of QoS 0
//   a name lookup stops every client                        session: a host name is tried on all its addresses
//   the client is destroyed while callbacks are pending     session: sessions come and go at any moment
//   publish callbacks come twice, or for failures as well   session: a killed broker completes each outstanding publish
//   a refused publish of MQTT 5 has return code 0           session: a publish that the ACL forbids
//   without an explicit version, tokens stay pending        session: a killed broker completes (GENERATE 5, 4)
//   a persistent session resends freed memory               session fault: CONNECT asks for a clean session;
//                                                           session: nothing of a lost connection is sent on the next
//   automatic reconnect sends what was given up             session: nothing of a lost connection is sent on the next
//   more in flight than Receive Maximum stalls for seconds  session fault: the window is not larger than Receive
//   Maximum a backlog inside Paho is quadratic                      session: a thousand messages pass through the
//   window a silent broker is noticed after 2 to 3 keep-alives     session fault: a withheld PUBACK ends the session
//   connect() to a silent broker looks every 3 s only       session fault: a broker that never answers CONNECT
//   host names of certificates are not checked              session tls: another host's certificate is refused
//   TLS faults all look alike                               session tls: files that cannot be used are told
//   TLS 1.0 and 1.1 by its own switch                       session tls: 1.2 and 1.3 are spoken, 1.1 is not
//   the disconnected handler replaces the lost one          session fault: a DISCONNECT of the broker is a loss
//   inbound messages without a bound                        mailbox: messages beyond the limits are dropped
//   callbacks of an earlier connection                      mailbox: ... with their epoch; outstanding: an answer to a
//                                                           request of an earlier connection matches nothing

using namespace kilnwatt;
using namespace kilnwatt::mqtt;
using namespace std::chrono_literals;
using boost::system::error_code;
using test::await;
using test::run_until;

namespace {

session_options options(std::uint16_t port, std::string id, int version = 5)
{
    session_options o;
    o.host = "127.0.0.1";
    o.port = port;
    o.client_id = std::move(id);
    o.version = version;
    return o;
}

message text(std::string payload, int qos = 1)
{
    return {"plant", std::move(payload), qos, false, std::nullopt};
}

/// Publishes `count` messages, never more at a time than the window has room for; returns how many were refused.
int publish_all(asio::io_context& io, session& s, int count, int qos)
{
    int sent = 0, completed = 0, failed = 0;
    REQUIRE(run_until(io, [&] {
        for (; sent < count && s.window_free() > 0; ++sent)
            s.publish(text(std::to_string(sent), qos), [&](error_code ec) {
                ++completed;
                failed += ec ? 1 : 0;
            });
        return completed == count;
    }));
    return failed;
}

/// Takes every client; acknowledges nothing else.
test::fault_broker::script accepting(int version)
{
    return [version](test::mqtt_packet const& p) {
        return p.type == 1 ? test::mqtt_reaction{test::connack(version, 0)} : test::mqtt_reaction{};
    };
}

} // namespace

TEST_CASE("paho: a handler that waits holds up nobody else's session", "[mqtt][paho]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context slow_io;
    session slow{slow_io.get_executor(), options(broker.port(), "slow")};
    std::promise<void> others_are_done;
    std::promise<void> waits;
    slow.on_message([&](message const&) {
        waits.set_value();
        others_are_done.get_future().wait();
    });
    REQUIRE(await(slow_io, slow.connect()).has_value());
    REQUIRE(await(slow_io, slow.subscribe("wake", 1)).has_value());
    std::thread runs_slow{[&] {
        slow_io.restart();
        auto const work = asio::make_work_guard(slow_io);
        slow_io.run_one();
    }};

    asio::io_context io;
    session other{io.get_executor(), options(broker.port(), "other")};
    REQUIRE(await(io, other.connect()).has_value());
    other.publish({"wake", "up", 1, false, std::nullopt}, [](error_code) {});
    auto const is_waiting = waits.get_future();
    bool const arrived = run_until(io, [&] { return is_waiting.wait_for(0s) == std::future_status::ready; });
    int const refused = arrived ? publish_all(io, other, 500, 1) : -1;
    if (arrived)
        others_are_done.set_value();
    else
        slow_io.stop();
    runs_slow.join();
    CHECK(refused == 0);
}

TEST_CASE("paho: a handler that throws does so at the executor, and the session goes on", "[mqtt][paho]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker.port(), "thrower")};
    s.on_message([](message const&) { throw std::runtime_error{"of the handler"}; });
    REQUIRE(await(io, s.connect()).has_value());
    REQUIRE(await(io, s.subscribe("plant", 1)).has_value());
    s.publish(text("x"), [](error_code) {});
    CHECK_THROWS_WITH(run_until(io, [] { return false; }), "of the handler");
    s.on_message({});
    CHECK(publish_all(io, s, 3, 1) == 0);
    CHECK(s.connected());
}

TEST_CASE("paho: sessions connect, subscribe and leave under traffic", "[mqtt][paho]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session source{io.get_executor(), options(broker.port(), "source")};
    REQUIRE(await(io, source.connect()).has_value());
    bool flowing = true;
    std::function<void()> const flow = [&] {
        while (flowing && source.window_free() > 0)
            source.publish(text("x", 0), [&](error_code) { flow(); });
    };
    flow();
    for (int round = 0; round < 10; ++round) {
        session guest{io.get_executor(), options(broker.port(), "guest", round % 2 == 0 ? 5 : 4)};
        int heard = 0;
        guest.on_message([&](message const&) { ++heard; });
        REQUIRE(await(io, guest.connect()).has_value());
        REQUIRE(await(io, guest.subscribe("plant", 0)).has_value());
        REQUIRE(run_until(io, [&] { return heard > 0; }));
        await(io, guest.disconnect(1s));
    }
    flowing = false;
    await(io, source.disconnect(5s));
}

TEST_CASE("paho: subscriptions end with their connection", "[mqtt][paho]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker.port(), "listener")};
    std::vector<std::string> heard;
    s.on_message([&](message m) { heard.push_back(std::move(m.payload)); });
    REQUIRE(await(io, s.connect()).has_value());
    REQUIRE(await(io, s.subscribe("plant", 1)).has_value());
    CHECK(publish_all(io, s, 1, 1) == 0);
    REQUIRE(run_until(io, [&] { return heard.size() == 1; }));
    await(io, s.disconnect(1s));
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(publish_all(io, s, 5, 1) == 0); // of which nothing comes back
    REQUIRE(await(io, s.subscribe("plant", 1)).has_value());
    CHECK(publish_all(io, s, 1, 1) == 0);
    REQUIRE(run_until(io, [&] { return heard.size() >= 2; }));
    CHECK(heard.size() == 2);
}

TEST_CASE("paho: properties of CONNECT arrive, and each CONNECT has the will that was set last", "[mqtt][paho][fault]")
{
    auto const version = GENERATE(5, 4);
    test::fault_broker broker{accepting(version)};
    asio::io_context io;
    session s{io.get_executor(), options(broker.port(), "sender", version)};
    for (std::string const will : {"first", "second"}) {
        s.set_will(message{"plant/death", will, 1, false, std::nullopt});
        REQUIRE(await(io, s.connect()).has_value());
        await(io, s.disconnect(1s));
    }
    std::vector<std::string> connects;
    for (auto const& p : broker.received())
        if (p.type == 1)
            connects.push_back(p.body);
    REQUIRE(connects.size() == 2);
    CHECK(connects[0].find("first") != std::string::npos);
    CHECK(connects[1].find("first") == std::string::npos);
    CHECK(connects[1].find("second") != std::string::npos);
    std::string const maximum_packet_size{"\x27\x00\x01\x10\x00", 5}; // 64 KiB and 4 KiB for the rest of a packet
    CHECK((connects[1].find(maximum_packet_size) != std::string::npos) == (version == 5));
}

TEST_CASE("paho: a burst of QoS 0 passes through the window", "[mqtt][paho]")
{
    test::mosquitto_broker broker;
    broker.start();
    asio::io_context io;
    session s{io.get_executor(), options(broker.port(), "sender", 4)};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(publish_all(io, s, 1'000, 0) == 0);
    CHECK(s.connected());
}
