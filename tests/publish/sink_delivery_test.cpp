#include "tests/publish/sink_bench.hpp"

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

TEST_CASE("sink: greets with status and info, and publishes a record only after its commit", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(topics(p.broker.received) == std::vector<std::string>{"r/status", "r/info"});
    CHECK(p.broker.received[0].payload == "online");
    b.acknowledge();
    CHECK(p.broker.received.size() == 2);

    b.commit({p.meter});
    CHECK(readings(p.broker.received) == std::vector<reading>{{1, false}});
    CHECK(b.sink->statistics().backlog == 1);
    CHECK(b.sink->statistics().totals.published == 1);
    b.acknowledge();
    auto const s = b.sink->statistics();
    CHECK(s.backlog == 0);
    CHECK(s.devices.at("meter-1").acknowledged == 1);
    CHECK(s.devices.at("meter-1").resent == 0);
    CHECK(b.saved().text() == "c1 2");
}

TEST_CASE("sink: never has more than the window outstanding, and sends everything once", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit(std::vector<layout_ptr>(100, p.meter));
    CHECK(p.broker.flying.size() == 20);
    b.acknowledge();
    auto const sent = readings(p.broker.received);
    REQUIRE(sent.size() == 100);
    for (std::size_t i = 0; i < sent.size(); ++i)
        REQUIRE(sent[i] == reading{static_cast<std::int64_t>(i) + 1, false});
    CHECK(b.sink->statistics().backlog == 0);
}

TEST_CASE("sink: after an outage new records go out first, the backlog follows marked historical", "[publish][sink]")
{
    plant p;
    p.journal.commit({p.meter, p.meter, p.meter}); // from before this start
    bench b{p.broker, p.journal};
    p.broker.window = 2;
    b.settle();
    p.broker.acknowledge_all(); // status, info
    p.broker.window = 0;
    b.settle();
    b.commit({p.meter, p.meter});
    p.broker.window = 20;
    b.commit({p.meter});
    CHECK(readings(p.broker.received) ==
          std::vector<reading>{{4, false}, {5, false}, {6, false}, {1, true}, {2, true}, {3, true}});
    b.acknowledge();
    CHECK(b.sink->statistics().backlog == 0);
}

TEST_CASE("sink: a lost connection sends again what was not acknowledged, and only that", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit({p.meter, p.meter, p.meter});
    REQUIRE(p.broker.flying.size() >= 3);
    for (std::size_t i = 0; i < p.broker.flying.size(); ++i)
        if (readings({p.broker.flying[i].what}) == std::vector<reading>{{2, false}})
            p.broker.complete(i, {});
    auto const before = p.broker.received.size();
    p.broker.lose();
    b.settle();
    CHECK(p.broker.attempts == 2);
    CHECK(readings(p.broker.received, before) == std::vector<reading>{{1, true}, {3, true}});
    CHECK(p.broker.received[before].topic == "r/status");
    b.acknowledge();
    auto const s = b.sink->statistics();
    CHECK(s.backlog == 0);
    CHECK(s.losses == 1);
    CHECK(s.devices.at("meter-1").published == 5);
    CHECK(s.devices.at("meter-1").acknowledged == 3);
    CHECK(s.devices.at("meter-1").resent == 2);
    CHECK(std::count_if(b.lines.begin(), b.lines.end(), [](auto const& line) {
              return line == "connection ended: the connection to the broker broke; 2 positions of the "
                             "journal are unconfirmed";
          }) == 1);
}

TEST_CASE("sink: records committed while there is no connection are backlog, the state is current", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal, [](sink_options& o) { o.reconnect.first = o.reconnect.most = 1h; }};
    p.broker.connect_results = {mqtt::errc::connect_failed};
    b.settle();
    b.commit({p.meter});
    b.commit({p.meter});
    CHECK(p.broker.received.empty());
    b.sink->set_availability("meter-1", availability::online);
    b.sink->retry_now();
    b.settle();
    CHECK(topics(p.broker.received) == std::vector<std::string>{"r/status", "r/info", "r/meter-1/availability",
                                                                "r/meter-1/state", "r/meter-1/readings",
                                                                "r/meter-1/readings"});
    CHECK(p.broker.received[2].payload == "online");
    CHECK(boost::json::parse(p.broker.received[3].payload).at("active_power").as_int64() == 2);
    CHECK(readings(p.broker.received) == std::vector<reading>{{1, true}, {2, true}});
    CHECK(b.lines == std::vector<std::string>{
                         "not connected: the broker cannot be reached, or the TLS handshake failed; trying again",
                         "connected with MQTT 5, 2 positions of the journal to catch up with"});
}

TEST_CASE("sink: a record that the broker refuses is never confirmed, and is told once", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit({p.meter});
    b.refuse("r/meter-1/readings");
    b.settle();
    CHECK(p.broker.attempts == 1); // the next one is an hour away
    CHECK_FALSE(p.broker.connected);
    CHECK(b.sink->statistics().refused == 1);
    CHECK(b.sink->statistics().backlog == 1);
    CHECK(b.saved().contains(1));
    CHECK(p.journal.needed_from == 1);

    b.sink->retry_now();
    b.settle();
    b.refuse("r/meter-1/readings");
    b.settle();
    CHECK(b.sink->statistics().refused == 2);
    CHECK(std::count_if(b.lines.begin(), b.lines.end(), [](auto const& line) {
              return line.find("refuses r/meter-1/readings") != std::string::npos;
          }) == 1);

    b.sink->retry_now();
    b.settle();
    b.acknowledge();
    CHECK(b.sink->statistics().backlog == 0);
    CHECK(b.saved().unconfirmed().empty());
    CHECK(p.journal.needed_from == 2);
}

TEST_CASE("sink: a refused state is counted and stops nothing", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.refuse("r/info");
    b.settle();
    b.commit({p.meter});
    b.acknowledge();
    CHECK(p.broker.connected);
    CHECK(b.sink->statistics().refused == 1);
    CHECK(b.sink->statistics().backlog == 0);
    CHECK(b.lines.back() == "the broker refuses r/info: the broker does not allow this");
}

TEST_CASE("sink: a cursor that cannot be right begins again with everything", "[publish][sink]")
{
    auto const text = GENERATE(std::string{"rubbish"}, std::string{"c1 900 5-6"});
    plant p;
    p.journal.cursors["dash"] = text;
    p.journal.commit({p.meter, p.meter, p.meter});
    p.journal.drop_before(2);
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(readings(p.broker.received) == std::vector<reading>{{2, true}, {3, true}});
    CHECK(b.lines.front().find("cursor cannot be used") != std::string::npos);
}

TEST_CASE("sink: what the journal dropped meanwhile is counted and told", "[publish][sink]")
{
    plant p;
    p.journal.cursors["dash"] = "c1 1";
    p.journal.commit(std::vector<layout_ptr>(10, p.meter));
    p.journal.drop_before(8);
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(readings(p.broker.received) == std::vector<reading>{{8, true}, {9, true}, {10, true}});
    CHECK(b.sink->statistics().dropped == 7);
    CHECK(b.lines.back() == "the journal dropped 7 positions before they could be sent");
}

TEST_CASE("sink: a journal that cannot be read is asked again later, not at once", "[publish][sink]")
{
    plant p;
    p.journal.broken = true;
    p.journal.commit({p.meter});
    bench b{p.broker, p.journal, [](sink_options& o) { o.read_pause = 1h; }};
    b.settle();
    b.acknowledge();
    CHECK(p.journal.reads == 1);
    CHECK(b.sink->statistics().backlog == 1);
}

TEST_CASE("sink: publishes only the streams it was given, the states always", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal,
            [](sink_options& o) { o.streams = stream_set{}.set(static_cast<std::size_t>(stream::window_1m)); }};
    b.settle();
    b.acknowledge();
    b.commit({p.meter, power_layout("meter-1", stream::window_1m), p.meter});
    b.acknowledge();
    auto const all = topics(p.broker.received);
    CHECK(std::count(all.begin(), all.end(), "r/meter-1/window/PT1M") == 1);
    CHECK(std::count(all.begin(), all.end(), "r/meter-1/readings") == 0);
    CHECK(std::count(all.begin(), all.end(), "r/meter-1/state") == 1);
    CHECK(b.sink->statistics().backlog == 0);
}

TEST_CASE("sink: an unstored reading moves the state and nothing else", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.sink->on_unstored(power_record(p.meter, 0, 0, 42).data);
    b.settle();
    b.acknowledge();
    CHECK(readings(p.broker.received).empty());
    CHECK(p.broker.received.back().topic == "r/meter-1/state");
    CHECK(boost::json::parse(p.broker.received.back().payload).at("stored").as_bool() == false);
}
