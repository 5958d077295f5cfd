#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session.hpp"
#include "tests/support/await.hpp"
#include "tests/support/fault_broker.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::mqtt;
using namespace std::chrono_literals;
using boost::system::error_code;
using test::await;
using test::fault_broker;
using test::mqtt_packet;
using test::mqtt_reaction;
using test::run_until;

namespace {

constexpr int type_connect = 1;
constexpr int type_publish = 3;
constexpr int type_subscribe = 8;
constexpr int type_disconnect = 14;

session_options options(fault_broker const& broker, int version = 5)
{
    session_options o;
    o.host = "127.0.0.1";
    o.port = broker.port();
    o.client_id = "sender";
    o.version = version;
    return o;
}

message text(std::string payload, int qos = 1)
{
    return {"plant", std::move(payload), qos, false, std::nullopt};
}

/// Accepts every client and acknowledges nothing.
fault_broker::script silent(int version)
{
    return [version](mqtt_packet const& p) {
        return p.type == type_connect ? mqtt_reaction{test::connack(version, 0)} : mqtt_reaction{};
    };
}

int count(fault_broker const& broker, int type)
{
    auto const packets = broker.received();
    return static_cast<int>(
        std::count_if(packets.begin(), packets.end(), [type](mqtt_packet const& p) { return p.type == type; }));
}

} // namespace

TEST_CASE("session fault: a withheld PUBACK ends the session after ack_timeout", "[mqtt][session][fault]")
{
    auto const version = GENERATE(5, 4);
    fault_broker broker{silent(version)};
    asio::io_context io;
    auto o = options(broker, version);
    o.ack_timeout = 2s;
    session s{io.get_executor(), o};
    std::vector<error_code> lost;
    std::vector<error_code> outcomes;
    s.on_lost([&](error_code ec) {
        lost.push_back(ec);
        CHECK(outcomes.size() == 2);
    });
    REQUIRE(await(io, s.connect()).has_value());
    auto const keep = [&](error_code ec) { outcomes.push_back(ec); };
    s.publish(text("one"), keep);
    REQUIRE(run_until(io, [&] { return count(broker, type_publish) == 1; }));
    s.publish(text("two"), keep);
    REQUIRE(run_until(io, [&] { return !lost.empty(); }));

    CHECK(lost == std::vector<error_code>{errc::ack_timeout});
    CHECK(outcomes[0] == errc::ack_timeout);
    CHECK((outcomes[1] == errc::lost || outcomes[1] == errc::ack_timeout)); // made a moment later
    CHECK_FALSE(s.connected());

    // The broker must see what ends a connection as broken before it sees DISCONNECT, or it would discard the will.
    REQUIRE(test::eventually([&] { return broker.closed_by_client() == 1; }, 10s));
    auto const packets = broker.received();
    auto const poison = std::find_if(packets.begin(), packets.end(), [](auto const& p) { return p.topic() == "#"; });
    auto const parting =
        std::find_if(packets.begin(), packets.end(), [](auto const& p) { return p.type == type_disconnect; });
    CHECK(poison < parting);
}

TEST_CASE("session fault: a subscription that is not answered ends the session, too", "[mqtt][session][fault]")
{
    fault_broker broker{silent(5)};
    asio::io_context io;
    auto o = options(broker);
    o.ack_timeout = 300ms;
    session s{io.get_executor(), o};
    auto lost = 0;
    s.on_lost([&](error_code) { ++lost; });
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(await(io, s.subscribe("plant/#", 1)).error() == errc::ack_timeout);
    CHECK(lost == 1);
}

TEST_CASE("session fault: a broker that never answers CONNECT is a connect_timeout", "[mqtt][session][fault]")
{
    fault_broker broker{[](mqtt_packet const&) { return mqtt_reaction{}; }};
    asio::io_context io;
    auto o = options(broker);
    o.connect_timeout = 1500ms;
    session s{io.get_executor(), o};
    auto lost = 0;
    s.on_lost([&](error_code) { ++lost; });
    CHECK(await(io, s.connect()).error() == errc::connect_timeout);
    CHECK_FALSE(s.connected());
    CHECK(test::eventually([&] { return broker.closed_by_client() == 1; }, 10s));
    CHECK(await(io, s.connect()).error() == errc::connect_timeout); // and it can be tried again
    CHECK(lost == 0);
}

TEST_CASE("session fault: a broker that closes or talks nonsense fails the attempt", "[mqtt][session][fault]")
{
    auto const version = GENERATE(5, 4);
    auto const on_accept = GENERATE(mqtt_reaction{"", true}, mqtt_reaction{"HTTP/1.1 400 Bad Request\r\n\r\n", true},
                                    mqtt_reaction{std::string(64, '\xff'), true}, mqtt_reaction{"\x20\x02\x00", true});
    fault_broker broker{[](mqtt_packet const&) { return mqtt_reaction{}; }, on_accept};
    asio::io_context io;
    session s{io.get_executor(), options(broker, version)};
    auto const attempt = await(io, s.connect());
    REQUIRE(attempt.has_error());
    CHECK(attempt.error() == remedy::retry);
    CHECK_FALSE(s.connected());
}

TEST_CASE("session fault: garbage after CONNACK ends the session once", "[mqtt][session][fault]")
{
    auto const version = GENERATE(5, 4);
    auto const garbage = GENERATE(std::string(64, '\xff'), std::string(64, '\0'), std::string{"\x40\x02\xff\xff"},
                                  std::string{"\x32\x02\xff\xff"});
    fault_broker broker{[&](mqtt_packet const& p) {
        return p.type == type_connect ? mqtt_reaction{test::connack(version, 0)} : mqtt_reaction{garbage, true};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker, version)};
    auto lost = 0;
    auto completed = 0;
    s.on_lost([&](error_code) { ++lost; });
    REQUIRE(await(io, s.connect()).has_value());
    s.publish(text("x"), [&](error_code ec) {
        ++completed;
        CHECK(ec);
    });
    REQUIRE(run_until(io, [&] { return lost > 0; }));
    CHECK(lost == 1);
    CHECK(completed == 1);
}

TEST_CASE("session fault: CONNACK refusals say what to do", "[mqtt][session][fault]")
{
    struct example {
        int version;
        int code;
        errc expected;
        std::string words;
    };
    auto const e = GENERATE(values<example>({
        {4, 1, errc::rejected, "unacceptable protocol version"},
        {4, 2, errc::rejected, "client identifier rejected"},
        {4, 3, errc::broker_unavailable, "server unavailable"},
        {4, 4, errc::bad_credentials, "bad user name or password"},
        {4, 5, errc::not_authorised, "not authorized"},
        {5, 0x84, errc::rejected, "unsupported protocol version"},
        {5, 0x86, errc::bad_credentials, "bad user name or password"},
        {5, 0x87, errc::not_authorised, "not authorized"},
        {5, 0x89, errc::broker_unavailable, "server busy"},
        {5, 1, errc::rejected, "unacceptable protocol version"}, // a 3.1.1 broker that answers an MQTT 5 client
    }));
    INFO("version " << e.version << " code " << e.code);
    fault_broker broker{[&](mqtt_packet const&) { return mqtt_reaction{test::connack(e.version, e.code), true}; }};
    asio::io_context io;
    session s{io.get_executor(), options(broker, e.version)};
    CHECK(await(io, s.connect()).error() == e.expected);
    CHECK(s.reason() == e.words);
}

TEST_CASE("session fault: the window is not larger than the broker's Receive Maximum", "[mqtt][session][fault]")
{
    std::string const receive_maximum_3{"\x21\x00\x03", 3};
    fault_broker broker{[&](mqtt_packet const& p) {
        return p.type == type_connect ? mqtt_reaction{test::connack(5, 0, receive_maximum_3)} : mqtt_reaction{};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    REQUIRE(await(io, s.connect()).has_value());
    CHECK(s.window_size() == 3);
    for (int n = 0; n < 3; ++n)
        s.publish(text("x"), [](error_code) {});
    CHECK(s.window_free() == 0);
}

TEST_CASE("session fault: a DISCONNECT of the broker is a loss with its reason", "[mqtt][session][fault]")
{
    fault_broker broker{[](mqtt_packet const& p) {
        return p.type == type_connect ? mqtt_reaction{test::connack(5, 0)}
                                      : mqtt_reaction{test::server_disconnect(0x8e), true};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    auto lost = 0;
    auto completed = 0;
    s.on_lost([&](error_code ec) {
        ++lost;
        CHECK(ec == errc::lost);
        CHECK(s.reason() == "session taken over by a client with the same id");
    });
    REQUIRE(await(io, s.connect()).has_value());
    s.publish(text("x"), [&](error_code) { ++completed; });
    REQUIRE(run_until(io, [&] { return lost > 0; }));
    CHECK(lost == 1);
    CHECK(completed == 1);
}

TEST_CASE("session fault: CONNECT asks for a clean session and carries the will", "[mqtt][session][fault]")
{
    auto const version = GENERATE(5, 4);
    fault_broker broker{silent(version)};
    asio::io_context io;
    auto o = options(broker, version);
    o.keep_alive = 17s;
    o.will = message{"plant/status", "offline", 1, true, std::nullopt};
    session s{io.get_executor(), o};
    REQUIRE(await(io, s.connect()).has_value());
    auto const body = broker.received().front().body;
    CHECK(body.substr(0, 7) == std::string{"\0\4MQTT", 6} + static_cast<char>(version));
    CHECK(body[7] == 0b0010'1110); // will retained, QoS 1, will, clean
    CHECK(body.substr(8, 2) == std::string{"\0\x11", 2});
    CHECK(body.find("plant/status") != std::string::npos);
    await(io, s.disconnect(1s));
    CHECK(test::eventually([&] { return broker.received().back().type == type_disconnect; }, 10s));
    CHECK(broker.received().size() == 2);
}

TEST_CASE("session fault: a message's expiry goes out on MQTT 5 only", "[mqtt][session][fault]")
{
    auto const version = GENERATE(5, 4);
    fault_broker broker{silent(version)};
    asio::io_context io;
    session s{io.get_executor(), options(broker, version)};
    REQUIRE(await(io, s.connect()).has_value());
    s.publish(message{"plant", "x", 1, true, 90s}, [](error_code) {});
    REQUIRE(run_until(io, [&] { return count(broker, type_publish) == 1; }));
    auto const packet = broker.received().back();
    CHECK(packet.flags == 0b0011); // QoS 1, retained
    CHECK(packet.topic() == "plant");
    auto const expiry = version == 5 ? std::string{"\x05\x02\0\0\0\x5a", 6} : std::string{};
    CHECK(packet.body.substr(9) == expiry + "x");
}

TEST_CASE("session fault: disconnect waits for its patience and no longer", "[mqtt][session][fault]")
{
    fault_broker broker{silent(5)};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    auto lost = 0;
    std::optional<error_code> outcome;
    s.on_lost([&](error_code) { ++lost; });
    REQUIRE(await(io, s.connect()).has_value());
    s.publish(text("never acknowledged"), [&](error_code ec) { outcome = ec; });
    await(io, s.disconnect(200ms));
    REQUIRE(outcome.has_value());
    CHECK(*outcome == errc::lost);
    CHECK(lost == 0);
    CHECK_FALSE(s.connected());
    CHECK(test::eventually([&] { return count(broker, type_disconnect) == 1; }, 10s));
    await(io, s.disconnect(200ms)); // nothing to do
    CHECK(await(io, s.connect()).has_value());
}

TEST_CASE("session fault: disconnect lets outstanding publishes finish", "[mqtt][session][fault]")
{
    fault_broker broker{[](mqtt_packet const& p) {
        if (p.type == type_connect)
            return mqtt_reaction{test::connack(5, 0)};
        return p.type == type_publish ? mqtt_reaction{test::puback(p)} : mqtt_reaction{};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    REQUIRE(await(io, s.connect()).has_value());
    auto confirmed = 0;
    for (int n = 0; n < window_max; ++n)
        s.publish(text(std::to_string(n)), [&](error_code ec) { confirmed += ec ? 0 : 1; });
    await(io, s.disconnect(10s));
    CHECK(confirmed == window_max);
    CHECK(count(broker, type_publish) == window_max);
}

TEST_CASE("session fault: a cancelled connect or subscribe ends at once and leaves the session usable",
          "[mqtt][session][fault]")
{
    auto answer = std::make_shared<std::atomic<bool>>(false);
    fault_broker broker{[answer](mqtt_packet const& p) {
        return p.type == type_connect && *answer ? mqtt_reaction{test::connack(5, 0)} : mqtt_reaction{};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    asio::cancellation_signal cancel;
    std::optional<error_code> outcome;
    auto const keep = [&](std::exception_ptr e, result<void> r) {
        CHECK(e == nullptr);
        outcome = r.has_value() ? error_code{} : r.error();
    };
    asio::co_spawn(io, s.connect(), asio::bind_cancellation_slot(cancel.slot(), keep));
    REQUIRE(run_until(io, [&] { return count(broker, type_connect) == 1; }));
    CHECK_FALSE(outcome.has_value());
    cancel.emit(asio::cancellation_type::terminal);
    REQUIRE(run_until(io, [&] { return outcome.has_value(); }));
    CHECK(*outcome == asio::error::operation_aborted);

    *answer = true;
    REQUIRE(await(io, s.connect()).has_value());
    outcome.reset();
    asio::co_spawn(io, s.subscribe("plant", 1), asio::bind_cancellation_slot(cancel.slot(), keep));
    REQUIRE(run_until(io, [&] { return count(broker, type_subscribe) == 1; }));
    cancel.emit(asio::cancellation_type::terminal);
    REQUIRE(run_until(io, [&] { return outcome.has_value(); }));
    CHECK(*outcome == asio::error::operation_aborted);
    CHECK(s.connected());
}

TEST_CASE("session fault: connect may be called again from inside on_lost", "[mqtt][session][fault]")
{
    fault_broker broker{[](mqtt_packet const& p) {
        return p.type == type_connect ? mqtt_reaction{test::connack(5, 0)} : mqtt_reaction{"", true};
    }};
    asio::io_context io;
    session s{io.get_executor(), options(broker)};
    auto connected_again = 0;
    s.on_lost([&](error_code) {
        asio::co_spawn(io, s.connect(), [&](std::exception_ptr, result<void> r) { connected_again += r.has_value(); });
    });
    REQUIRE(await(io, s.connect()).has_value());
    for (int round = 1; round <= 3; ++round) {
        s.publish(text("x"), [](error_code) {});
        REQUIRE(run_until(io, [&] { return connected_again == round; }));
    }
    CHECK(s.connected());
    CHECK(broker.connections() == 4);
}
