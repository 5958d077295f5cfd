#include "agent/publish/json_sink.hpp"
#include "tests/publish/sink_fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

/// One life of the agent with one sink: its own executor, a broker and a journal that outlive it. Nothing waits: pauses
/// between attempts are none, unless a test sets them to hours.
struct bench {
    fake_broker& broker;
    fake_records& journal;
    std::vector<std::string> lines;
    boost::asio::io_context io;
    std::optional<json_sink> sink;

    bench(fake_broker& b, fake_records& j, std::function<void(sink_options&)> change = {}) : broker{b}, journal{j}
    {
        sink_options o;
        o.name = "dash";
        o.root = "r";
        o.reconnect = {0ms, 0ms, 1h, 10s};
        o.cursor_interval = 0ms;
        o.report = [this](report_level, std::string line) { lines.push_back(std::move(line)); };
        if (change)
            change(o);
        sink.emplace(io.get_executor(), o, journal, device_catalogue{}, plant_clock{}, broker.connections());
        sink->start();
    }

    /// Runs everything that can run without time passing.
    void settle()
    {
        io.restart();
        while (io.poll() > 0) {
        }
    }

    void commit(std::vector<layout_ptr> const& layouts)
    {
        sink->on_committed(journal.commit(layouts));
        settle();
    }

    void acknowledge()
    {
        while (!broker.flying.empty()) {
            broker.acknowledge_all();
            settle();
        }
    }

    /// The broker refuses the first outstanding message of this topic.
    void refuse(std::string const& topic)
    {
        auto const at = std::find_if(broker.flying.begin(), broker.flying.end(),
                                     [&](auto const& f) { return f.what.topic == topic; });
        REQUIRE(at != broker.flying.end());
        broker.complete(static_cast<std::size_t>(at - broker.flying.begin()), mqtt::errc::not_authorised);
    }

    void stop()
    {
        bool stopped = false;
        auto stopping = [](json_sink& s, bool& done) -> boost::asio::awaitable<void> {
            co_await s.stop();
            done = true;
        };
        boost::asio::co_spawn(io, stopping(*sink, stopped), boost::asio::detached);
        io.restart();
        while (!stopped)
            io.run_one();
    }

    cursor saved() const { return cursor::parse(journal.cursors.at("dash")).value(); }
};

struct plant {
    fake_broker broker;
    fake_records journal;
    layout_ptr meter = power_layout("meter-1");
};

std::vector<std::string> topics(std::vector<message> const& all)
{
    std::vector<std::string> names;
    for (auto const& m : all)
        names.push_back(m.topic);
    return names;
}

struct reading {
    std::int64_t seq;
    bool historical;

    friend bool operator==(reading const&, reading const&) = default;
};

std::vector<reading> readings(std::vector<message> const& all, std::size_t from = 0)
{
    std::vector<reading> found;
    for (; from < all.size(); ++from) {
        if (!all[from].topic.ends_with("/readings"))
            continue;
        auto const payload = boost::json::parse(all[from].payload).as_object();
        found.push_back({payload.at("seq").as_int64(), payload.contains("historical")});
    }
    return found;
}

} // namespace

TEST_CASE("json_sink: greets with status and info, and publishes a record only after its commit",
          "[publish][json_sink]")
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

TEST_CASE("json_sink: never has more than the window outstanding, and sends everything once", "[publish][json_sink]")
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

TEST_CASE("json_sink: after an outage new records go out first, the backlog follows marked historical",
          "[publish][json_sink]")
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

TEST_CASE("json_sink: a lost connection sends again what was not acknowledged, and only that", "[publish][json_sink]")
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

TEST_CASE("json_sink: records committed while there is no connection are backlog, the state is current",
          "[publish][json_sink]")
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

TEST_CASE("json_sink: a record that the broker refuses is never confirmed, and is told once", "[publish][json_sink]")
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

TEST_CASE("json_sink: a refused state is counted and stops nothing", "[publish][json_sink]")
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

TEST_CASE("json_sink: a broker without MQTT 5 gets 3.1.1, until the restart", "[publish][json_sink]")
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

TEST_CASE("json_sink: a broker that refuses both versions is asked again after the long pause", "[publish][json_sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::rejected, mqtt::errc::rejected};
    bench b{p.broker, p.journal};
    b.settle();
    CHECK(p.broker.attempts == 2);
    CHECK(b.lines.back() == "not connected: the broker refused the protocol version or the client id; trying again");
}

TEST_CASE("json_sink: refused credentials are told once and tried again only after the long pause",
          "[publish][json_sink]")
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

TEST_CASE("json_sink: a call to hurry while the connection still closes is not lost", "[publish][json_sink]")
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

TEST_CASE("json_sink: sessions that end right after their start point at a second client", "[publish][json_sink]")
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

TEST_CASE("json_sink: stop tells offline, takes the last acknowledgements and saves the cursor", "[publish][json_sink]")
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

TEST_CASE("json_sink: stop does not wait for a broker that says nothing, and keeps what it did not confirm",
          "[publish][json_sink]")
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

TEST_CASE("json_sink: stop before a connection was made saves the cursor too", "[publish][json_sink]")
{
    plant p;
    p.broker.connect_results = {mqtt::errc::bad_credentials};
    bench b{p.broker, p.journal, [](sink_options& o) { o.cursor_interval = 1h; }};
    b.settle();
    b.commit({p.meter});
    b.stop();
    CHECK(b.saved().text() == "c1 2 1-2");
}

TEST_CASE("json_sink: a restart goes on where the cursor stood", "[publish][json_sink]")
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

TEST_CASE("json_sink: a cursor that cannot be right begins again with everything", "[publish][json_sink]")
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

TEST_CASE("json_sink: what the journal dropped meanwhile is counted and told", "[publish][json_sink]")
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

TEST_CASE("json_sink: a journal that cannot be read is asked again later, not at once", "[publish][json_sink]")
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

TEST_CASE("json_sink: publishes only the streams it was given, the states always", "[publish][json_sink]")
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

TEST_CASE("json_sink: an unstored reading moves the state and nothing else", "[publish][json_sink]")
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

TEST_CASE(
    "json_sink: over random acknowledgements, losses, stops and crashes every record is acknowledged, and repeats "
    "only follow a reconnect",
    "[publish][json_sink]")
{
    int crashes = 0;
    int losses = 0;
    std::size_t repeats = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random{seed};
        auto const any = [&](int most) { return std::uniform_int_distribution<int>{0, most}(random); };
        plant p;
        std::vector<layout_ptr> const kinds{power_layout("a"), power_layout("b"), power_layout("a", stream::window_1m),
                                            power_layout("site", stream::event)};
        std::multiset<std::string> acknowledged; // topic and seq
        std::set<std::string> this_session;
        auto const key_of = [](message const& m) {
            auto const payload = boost::json::parse(m.payload).as_object();
            return m.topic + std::to_string(payload.at("seq").as_int64());
        };
        auto const is_record = [](message const& m) {
            return m.topic.ends_with("/readings") || m.topic.ends_with("/PT1M") || m.topic.ends_with("/event");
        };
        std::optional<bench> life;
        std::size_t looked_at = 0;
        auto const start = [&] {
            life.emplace(p.broker, p.journal, [&](sink_options& o) {
                o.live_max = static_cast<std::size_t>(1 + any(10));
                o.backlog_chunk = static_cast<std::size_t>(1 + any(6));
            });
            this_session.clear();
        };
        auto const settle = [&] {
            life->settle();
            for (; looked_at < p.broker.received.size(); ++looked_at) {
                auto const& m = p.broker.received[looked_at];
                if (m.topic == "r/status")
                    this_session.clear();
                else if (is_record(m))
                    REQUIRE(this_session.insert(key_of(m)).second);
            }
        };
        auto const acknowledge_one = [&] {
            auto const n = static_cast<std::size_t>(any(static_cast<int>(p.broker.flying.size()) - 1));
            if (is_record(p.broker.flying[n].what))
                acknowledged.insert(key_of(p.broker.flying[n].what));
            p.broker.complete(n, {});
        };
        start();
        for (int step = 0; step < 300; ++step) {
            switch (any(9)) {
            case 0:
            case 1:
            case 2:
            case 3: {
                std::vector<layout_ptr> batch;
                for (int n = any(5); n >= 0; --n)
                    batch.push_back(kinds[static_cast<std::size_t>(any(3))]);
                life->sink->on_committed(p.journal.commit(batch));
                break;
            }
            case 4:
            case 5:
            case 6:
            case 7:
                for (int n = any(15); n > 0 && !p.broker.flying.empty(); --n)
                    acknowledge_one();
                break;
            case 8:
                if (p.broker.connected && any(2) == 0) {
                    p.broker.lose();
                    ++losses;
                }
                break;
            default:
                if (any(3) > 0)
                    break;
                ++crashes; // the process dies: what was not saved is forgotten, what is in flight is not answered
                life.reset();
                p.broker.flying.clear();
                p.broker.connected = false;
                start();
            }
            if (any(3) > 0)
                settle();
        }
        for (int i = 0; i < 20'000 && life->sink->statistics().backlog > 0; ++i) {
            settle();
            while (!p.broker.flying.empty())
                acknowledge_one();
        }
        REQUIRE(life->sink->statistics().backlog == 0);
        std::set<std::string> expected;
        for (auto const& [pos, r] : p.journal.held())
            expected.insert(key_of(record_messages{"r", "e"}.of({batch_of({r}), 0, {}, false, false})));
        REQUIRE(std::set<std::string>(acknowledged.begin(), acknowledged.end()) == expected);
        repeats += acknowledged.size() - expected.size();
    }
    CHECK(crashes > 100);
    CHECK(losses > 100);
    CHECK(repeats > 0); // an acknowledgement that a crash forgot
}
