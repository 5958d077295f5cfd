#include "tests/publish/sink_bench.hpp"

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

TEST_CASE("sink: a broker without MQTT 5 gets 3.1.1, until the restart", "[publish][sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::rejected};
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(p.broker.connected);
    CHECK(p.broker.versions == std::vector<int>{5, 4});
    p.broker.lose();
    b.settle();
    CHECK(p.broker.connected);
    CHECK(p.broker.versions == std::vector<int>{5, 4});
    CHECK(b.sink->statistics().version == 4);
}

TEST_CASE("sink: a broker that refuses both versions is asked again after the long pause", "[publish][sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::rejected, mqtt::errc::rejected};
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(p.broker.attempts == 2);
    CHECK(b.lines.back() == "not connected: the broker refused the protocol version or the client id; trying again");
}

TEST_CASE("sink: refused credentials are told once and tried again only after the long pause", "[publish][sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::bad_credentials, mqtt::errc::bad_credentials};
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(p.broker.attempts == 1);
    b.sink->retry_now();
    b.settle();
    CHECK(p.broker.attempts == 2);
    CHECK(b.lines.size() == 1);
    b.sink->retry_now();
    b.settle();
    CHECK(p.broker.connected);
}

TEST_CASE("sink: a call to hurry while the connection still closes is not lost", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit({p.meter});
    b.refuse("r/meter-1/readings");
    b.sink->retry_now();
    b.settle();
    CHECK(p.broker.attempts == 2);
}

TEST_CASE("sink: sessions that end right after their start point at a second client", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal};
    for (int i = 0; i < 4; ++i) {
        b.settle();
        p.broker.lose();
    }
    b.settle();
    CHECK(std::count_if(b.lines.begin(), b.lines.end(), [](auto const& line) {
              return line.find("another client using the client id") != std::string::npos;
          }) == 1);
}

TEST_CASE("sink: stop tells offline, takes the last acknowledgements and saves the cursor", "[publish][sink]")
{
    plant p;
    bench b{p.broker, p.journal, [](sink_options& o) { o.cursor_interval = 1h; }};
    b.settle();
    b.acknowledge();
    b.commit({p.meter, p.meter});
    b.stop();
    CHECK(p.broker.received.back().topic == "r/status");
    CHECK(p.broker.received.back().payload == "offline");
    CHECK(p.broker.received.back().retain);
    CHECK_FALSE(p.broker.connected);
    CHECK(b.saved().text() == "c1 3");
    b.stop(); // again does no harm
}

TEST_CASE("sink: stop does not wait for a broker that says nothing, and keeps what it did not confirm",
          "[publish][sink]")
{
    plant p;
    p.broker.answers_farewell = false;
    bench b{p.broker, p.journal, [](sink_options& o) { o.stop_patience = 20ms; }};
    b.settle();
    b.acknowledge();
    b.commit(std::vector<layout_ptr>(30, p.meter));
    REQUIRE(p.broker.flying.size() == 20);
    b.stop();
    CHECK(b.saved().unconfirmed().size() == 30);
}

TEST_CASE("sink: stop before a connection was made saves the cursor too", "[publish][sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::bad_credentials};
    bench b{p.broker, p.journal, [](sink_options& o) { o.cursor_interval = 1h; }};
    b.settle();
    b.commit({p.meter});
    b.stop();
    CHECK(b.saved().text() == "c1 2 1-2");
}

TEST_CASE("sink: a restart goes on where the cursor stood", "[publish][sink]")
{
    plant p;
    {
        bench b{p.broker, p.journal};
        b.settle();
        b.acknowledge();
        b.commit({p.meter, p.meter});
        b.acknowledge();
        b.commit({p.meter});
    }
    p.broker = {};
    p.journal.commit({p.meter});
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(readings(p.broker.received) == std::vector<reading>{{3, true}, {4, true}});
}

TEST_CASE("sink: what the broker says stands in the log in its words", "[publish][sink]")
{
    plant p;
    p.broker.reason = "session taken over by a client with the same id";
    bench b{p.broker, p.journal};
    b.settle();
    p.broker.lose();
    b.settle();
    CHECK(std::any_of(b.lines.begin(), b.lines.end(), [](auto const& line) {
        return line.find("connection ended: ") == 0 &&
               line.find(" (the broker says: session taken over by a client with the same id)") != std::string::npos;
    }));
}
