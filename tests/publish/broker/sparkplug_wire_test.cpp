#include "agent/publish/sink.hpp"
#include "protocols/sparkplug/payload.hpp"
#include "tests/support/await.hpp"
#include "tests/publish/sink_fakes.hpp"
#include "tests/support/fault_broker.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

// What only the bytes of a session show of the assertions of Sparkplug 3.0. Each section has the id of the assertion
// without "tck-id-".

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;
using kilnwatt::test::fault_broker;
using kilnwatt::test::mqtt_packet;
using kilnwatt::test::mqtt_reaction;
using kilnwatt::test::run_until;

namespace {

constexpr int type_connect = 1;
constexpr int type_publish = 3;
constexpr int type_subscribe = 8;
constexpr int type_disconnect = 14;

mqtt_reaction obliging(mqtt_packet const& p)
{
    if (p.type == type_connect)
        return {kilnwatt::test::connack(4, 0)};
    if (p.type == type_subscribe) // SUBACK: one filter, QoS 1 granted
        return {std::string{'\x90', '\x03'} + p.body.substr(0, 2) + '\1'};
    return {};
}

/// One life of a node, from CONNECT to DISCONNECT.
std::vector<mqtt_packet> session_of_a_node()
{
    fault_broker broker{obliging};
    fake_records journal;
    boost::asio::io_context io;
    sink_options o;
    o.name = "scada";
    o.session.host = "127.0.0.1";
    o.session.port = broker.port();
    o.session.client_id = "gateway";
    o.session.version = 4;
    o.sparkplug = sparkplug_options{"G", "N"};
    publish::sink node{io.get_executor(), o, journal, device_catalogue{}, plant_clock{}};
    node.start();
    REQUIRE(run_until(io, [&] { return node.statistics().connected; }));
    node.on_committed(journal.commit({power_layout("meter-1")}));
    auto const came = [&](std::string const& topic) {
        auto const packets = broker.received();
        return std::any_of(packets.begin(), packets.end(), [&](auto const& p) { return p.topic() == topic; });
    };
    REQUIRE(run_until(io, [&] { return came("spBv1.0/G/DBIRTH/N/meter-1"); }));
    kilnwatt::test::await(io, node.stop());
    REQUIRE(kilnwatt::test::eventually([&] { return broker.received().back().type == type_disconnect; }, 10s));
    return broker.received();
}

} // namespace

TEST_CASE("sparkplug conformance: the bytes of a session", "[publish][sparkplug][conformance][integration]")
{
    auto const packets = session_of_a_node();
    auto const& connect = packets.front();
    REQUIRE(connect.type == type_connect);
    SECTION("principles-persistence-clean-session-311")
    {
        CHECK(connect.body.substr(0, 7) == std::string{"\0\4MQTT\4", 7});
        CHECK((connect.body[7] & 0b0000'0010) != 0);
    }
    SECTION("message-flow-edge-node-birth-publish-will-message-qos")
    {
        CHECK((connect.body[7] & 0b0011'1100) == 0b0000'1100); // a will, QoS 1, not retained
    }
    SECTION("message-flow-edge-node-ncmd-subscribe")
    {
        for (auto const& p : packets)
            if (p.type == type_subscribe)
                CHECK(p.body.back() == '\1'); // QoS 1
    }
    SECTION("payloads-nbirth-qos")
    {
        for (auto const& p : packets)
            if (p.type == type_publish)
                CHECK(p.flags == 0); // QoS 0, not retained, no duplicate
    }
    SECTION("payloads-ndeath-will-message-publisher-disconnect-mqtt311")
    {
        REQUIRE(packets.size() > 2);
        CHECK(packets.back().type == type_disconnect);
        CHECK(packets[packets.size() - 2].topic() == "spBv1.0/G/NDEATH/N");
    }
}
