#include "tests/publish/sink_bench.hpp"
#include "tests/publish/sparkplug_bench.hpp"

// The assertions of Sparkplug 3.0 about one session of an edge node: what comes before its birth, when it leaves, and
// which server it goes to. Each section has the id of the assertion without "tck-id-".

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;

namespace {

using words_of = std::vector<std::string>;

constexpr auto ncmd = "spBv1.0/G/NCMD/N";
constexpr auto state_topic = "spBv1.0/STATE/scada";

std::function<void(sink_options&)> as_node(std::string primary_host = {}, std::size_t fallback = 0)
{
    return [primary_host, fallback](sink_options& o) {
        o.sparkplug = sparkplug_options{"G", "N", primary_host};
        o.session.version = 4;
        o.fallback.assign(fallback, {"192.0.2.1", 1883});
    };
}

std::string state(bool online, utc_time at)
{
    return std::string{"{\"online\":"} + (online ? "true" : "false") +
           ",\"timestamp\":" + std::to_string(at.time_since_epoch().count()) + "}";
}

/// A node that waits for the host "scada", at its outbox.
struct waiting_node {
    fake_records journal;
    node_life n{journal, "", {"G", "N", "scada"}};

    waiting_node()
    {
        n.connect();
        n.commit({power_layout("meter-1")});
    }

    reaction hear(std::string const& payload, std::string const& topic = state_topic)
    {
        auto const r = n.box.received({topic, payload, true, std::nullopt, 1}, n.now);
        n.drain();
        return r;
    }

    bool born() const { return !n.of("NBIRTH").empty() && !n.of("DBIRTH").empty(); }
};

/// A sink that waits for the host "scada", at a list of three servers.
struct walking_node {
    fake_broker broker;
    fake_records journal;
    bench b{broker, journal, as_node("scada", 2)};

    void hear(bool online, std::chrono::milliseconds later = 0ms)
    {
        broker.inbound({state_topic, state(online, plant_clock{}.now().utc + later), true, std::nullopt, 1});
        b.settle();
    }

    words_of said(std::string const& beginning) const
    {
        words_of some;
        for (auto const& line : broker.story)
            if (line.starts_with(beginning))
                some.push_back(line);
        return some;
    }
};

} // namespace

TEST_CASE("sparkplug conformance: before a birth", "[publish][sparkplug][conformance]")
{
    plant p;
    bench b{p.broker, p.journal, as_node()};
    b.settle();
    auto const& story = p.broker.story;
    auto const at = [&](std::string const& line) {
        auto const found = std::find(story.begin(), story.end(), line);
        REQUIRE(found != story.end());
        return found - story.begin();
    };
    auto const birth = at("publish spBv1.0/G/NBIRTH/N");
    SECTION("message-flow-edge-node-ncmd-subscribe")
    {
        CHECK(at(std::string{"subscribe "} + ncmd) < birth);
    }
    SECTION("message-flow-device-dcmd-subscribe") // asked of writable outputs only; we listen, and refuse
    {
        CHECK(at("subscribe spBv1.0/G/DCMD/N/+") < birth);
    }
    SECTION("message-flow-edge-node-birth-publish-connect")
    {
        CHECK(at("connect 0") == 0);
        b.commit({p.meter});
        CHECK(at("publish spBv1.0/G/DBIRTH/N/meter-1") > birth);
    }
    SECTION("operational-behavior-edge-node-intentional-disconnect-packet") // DISCONNECT right after the NDEATH
    {
        b.stop();
        REQUIRE(story.size() >= 2);
        CHECK(story[story.size() - 2] == "publish spBv1.0/G/NDEATH/N");
        CHECK(story.back() == "disconnect");
    }
}

TEST_CASE("sparkplug conformance: the primary host", "[publish][sparkplug][conformance]")
{
    waiting_node w;
    auto const now = w.n.now.utc;
    SECTION("message-flow-edge-node-birth-publish-phid-wait")
    {
        w.n.pass(24h);
        CHECK(w.n.all.empty());
        w.hear(state(true, w.n.now.utc));
        CHECK(w.born());
    }
    SECTION("operational-behavior-edge-node-birth-sequence-wait")
    {
        w.hear(state(false, now));
        CHECK(w.n.all.empty());
        w.hear(state(true, now));
        CHECK(w.born());
    }
    SECTION("message-flow-edge-node-birth-publish-phid-wait-id")
    {
        for (std::string const other : {"scada-2", "SCADA", "scad"})
            w.hear(state(true, now), "spBv1.0/STATE/" + other);
        w.hear(state(true, now), "spBv1.0/STATE/x/scada");
        w.hear(state(true, now), "STATE/scada"); // of Sparkplug 2.2
        CHECK(w.n.all.empty());
    }
    SECTION("message-flow-edge-node-birth-publish-phid-wait-online")
    {
        for (std::string const odd : {R"({"timestamp":1})", R"({"online":"true","timestamp":1})", "ONLINE",
                                      R"({"online":1,"timestamp":1})", R"({"online":true)", "", "[true,1]"})
            w.hear(odd);
        CHECK(w.n.all.empty());
    }
    SECTION("message-flow-edge-node-birth-publish-phid-wait-timestamp")
    {
        for (std::string const odd : {R"({"online":true})", R"({"online":true,"timestamp":"1"})"})
            w.hear(odd);
        w.hear(state(false, now)); // the first one counts
        w.hear(state(true, now - 1ms));
        CHECK(w.n.all.empty());
        w.hear(state(true, now));
        CHECK(w.born());
    }
    SECTION("operational-behavior-edge-node-termination-host-offline-timestamp")
    {
        w.hear(state(true, now));
        CHECK_FALSE(w.hear(state(false, now - 1ms)).end_session);
        CHECK(w.n.box.condition().empty());
        CHECK(w.hear(state(false, now)).end_session);
    }
}

TEST_CASE("sparkplug conformance: the host goes, and the node with it", "[publish][sparkplug][conformance]")
{
    walking_node w;
    w.b.settle();
    w.hear(true);
    w.b.commit({power_layout("meter-1")});
    w.b.acknowledge();
    REQUIRE(w.said("publish spBv1.0/G/DBIRTH").size() == 1);
    w.hear(false, 1ms);
    w.b.acknowledge();
    auto const left = std::find(w.broker.story.begin(), w.broker.story.end(), "disconnect");
    REQUIRE(left - w.broker.story.begin() > 2);
    SECTION("message-flow-edge-node-birth-publish-phid-offline")
    {
        CHECK(*std::prev(left) == "publish spBv1.0/G/NDEATH/N");
        CHECK(*std::prev(left, 2) == "publish spBv1.0/G/DDEATH/N/meter-1");
    }
    SECTION("operational-behavior-edge-node-termination-host-offline")
    {
        CHECK(w.said("disconnect").size() == 1);
    }
    SECTION("operational-behavior-edge-node-termination-host-offline-reconnect")
    {
        CHECK(w.said("connect") == words_of{"connect 0", "connect 1"});
    }
    SECTION("operational-behavior-primary-application-state-with-multiple-servers-walk")
    {
        for (int round = 0; round < 2; ++round) { // the host's words at each server have times of their own
            w.hear(true, -1h);
            w.b.acknowledge();
            w.hear(false, -1h + 1ms);
            w.b.acknowledge();
        }
        CHECK(w.said("connect") == words_of{"connect 0", "connect 1", "connect 2", "connect 0"});
        CHECK(w.said("publish spBv1.0/G/NBIRTH").size() == 3);
        CHECK(w.said("publish spBv1.0/G/NDEATH").size() == 3);
    }
    SECTION("operational-behavior-primary-application-state-with-multiple-servers-state-subs")
    {
        CHECK(w.said(std::string{"subscribe "} + state_topic).size() == 2); // at both
    }
    SECTION("operational-behavior-primary-application-state-with-multiple-servers-single-server")
    {
        int open = 0; // the fake broker throws, too, when it is connected to twice
        for (auto const& line : w.broker.story) {
            open += line.starts_with("connect") ? 1 : line == "disconnect" ? -1 : 0;
            REQUIRE(open <= 1);
        }
        CHECK(open == 1);
    }
}

TEST_CASE("sink: a server that cannot be reached is followed by the next of the list, all of them by a pause",
          "[publish][sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::connect_failed, mqtt::errc::bad_credentials, mqtt::errc::connect_failed};
    bench b{p.broker, p.journal, [](sink_options& o) {
                o.fallback.assign(2, {"192.0.2.1", 1883});
                o.session.host = "a.example";
            }};
    b.settle();
    CHECK(p.broker.attempts == 4);
    CHECK(p.broker.story[0] == "connect 0"); // its fourth attempt
    REQUIRE(b.lines.size() == 4);
    CHECK(b.lines[0].find("not connected at a.example:1883: ") == 0);
    CHECK(b.lines[1].find("not connected at 192.0.2.1:1883: ") == 0);
    CHECK(b.lines[3].find("connected at a.example:1883 with MQTT 5") == 0);

    p.broker.lose(); // a server that was there is tried first
    b.settle();
    CHECK(p.broker.story.back().starts_with("publish"));
    CHECK(p.broker.attempts == 5);
}

TEST_CASE("sink: a flood of commands is refused, counted and told in one line", "[publish][sparkplug][sink]")
{
    plant p;
    bench b{p.broker, p.journal, as_node()};
    b.settle();
    b.commit({p.meter});
    auto const lines = b.lines.size();
    for (int i = 0; i < 300; ++i) {
        sparkplug::payload write;
        write.metrics.push_back({.name = "active_power" + std::to_string(i), .type = 10u, .value = 7.5});
        auto const topic = "spBv1.0/G/DCMD/N/meter-" + std::to_string(i);
        p.broker.inbound({topic, sparkplug::encode(write), false, std::nullopt, 1});
    }
    b.settle();
    b.acknowledge();
    CHECK(b.sink->statistics().commands_refused == 300);
    REQUIRE(b.lines.size() == lines + 1);
    CHECK(b.lines.back() ==
          "refused a command on spBv1.0/G/DCMD/N/meter-0, to write active_power0: a broker may ask for "
          "a rebirth and for nothing else");
    auto const told = sparkplug::decode(p.broker.received.back().payload);
    REQUIRE(told.has_value());
    CHECK(told->metrics.front().value == sparkplug::metric_value{std::int64_t{300}});
}

TEST_CASE("sink: a JSON sink takes no commands, and listens for nothing", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    for (auto const& line : p.broker.story)
        CHECK_FALSE(line.starts_with("subscribe"));
    for (std::string const topic : {"r/meter-1/set", "r/cmd", "r/meter-1/state"})
        p.broker.inbound({topic, "1", false, std::nullopt, 1});
    auto const said = p.broker.received.size();
    b.settle();
    CHECK(p.broker.received.size() == said);
}

TEST_CASE("sparkplug conformance: who a node is", "[publish][sparkplug][conformance]")
{
    SECTION("topic-structure-namespace-duplicate-device-id-across-edge-node") // two nodes with the same device
    {
        fake_records journal;
        node_life one{journal};
        node_life other{journal, "", {"G", "N2"}};
        for (auto* n : {&one, &other}) {
            n->connect();
            n->commit({power_layout("meter-1")});
        }
        CHECK(one.of("DBIRTH").at(0).topic == "spBv1.0/G/DBIRTH/N/meter-1");
        CHECK(other.of("DBIRTH").at(0).topic == "spBv1.0/G/DBIRTH/N2/meter-1");
        one.command("spBv1.0/G/NCMD/N2", rebirth_request()); // not for us
        one.pass(2s);
        CHECK(one.of("NBIRTH").size() == 1);
    }
    SECTION("payloads-name-cmd-requirement") // metrics of commands may have a timestamp, and real hosts leave it out
    {
        fake_records journal;
        node_life n{journal};
        n.connect();
        n.pass(2s);
        n.command(ncmd, rebirth_request());
        auto timed = rebirth_request();
        timed.timestamp = timed.metrics.front().timestamp = n.now.utc;
        n.pass(2s);
        n.command(ncmd, timed);
        CHECK(n.of("NBIRTH").size() == 3);
    }
}
