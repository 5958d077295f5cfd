#include "tests/publish/broker/agent_life.hpp"

#include <boost/json.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

/// A real journal with a JSON sink on a real broker.
struct plant {
    scratch_folder folder;
    agent_life agent{folder.file("journal.db")};
    publish::sink& sink;

    explicit plant(mosquitto_broker const& broker) : sink{agent.add(options_for(broker, "dash"))} { agent.start(); }

    void append(std::string const& device, int count) { agent.append(device, stream::readings, count); }
    bool connected()
    {
        return agent.until([&] { return sink.statistics().connected; });
    }
};

/// seq of each reading of a device, with how often it came.
std::map<std::int64_t, int> readings(watcher const& w, std::string const& device)
{
    std::map<std::int64_t, int> seen;
    for (auto const& l : w.lines())
        if (l.topic == "r/" + device + "/readings")
            ++seen[boost::json::parse(l.payload).at("seq").as_int64()];
    return seen;
}

bool is_gap_free(std::map<std::int64_t, int> const& seen, std::int64_t count)
{
    return static_cast<std::int64_t>(seen.size()) == count && seen.begin()->first == 1 && seen.rbegin()->first == count;
}

} // namespace

TEST_CASE("sink: delivers a journal to mosquitto, gap-free and once", "[publish][sink][integration]")
{
    mosquitto_broker broker;
    broker.start({"allow_anonymous true", "max_queued_messages 0"});
    watcher const watch{broker, "r/#"};
    {
        plant p{broker};
        p.sink.set_availability("meter-a", availability::online);
        REQUIRE(p.connected());
        p.append("meter-a", 600);
        p.append("meter-b", 400);
        REQUIRE(p.agent.delivered(p.sink));
        auto const s = p.sink.statistics();
        CHECK(s.devices.at("meter-a").acknowledged == 600);
        CHECK(s.devices.at("meter-b").acknowledged == 400);
        CHECK(s.totals.resent == 0);
        CHECK(s.losses == 0);
    }
    REQUIRE(eventually([&] { return is_gap_free(readings(watch, "meter-a"), 600); }, 20s));
    REQUIRE(eventually([&] { return is_gap_free(readings(watch, "meter-b"), 400); }, 20s));
    for (auto const& [seq, times] : readings(watch, "meter-a"))
        REQUIRE(times == 1);

    // What a consumer that comes later finds: the retained topics.
    scratch_folder folder;
    auto const log = folder.file("late");
    process late{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-t", "r/#", "-F",
                  "%r %t %p", "-C", "6", "-W", "10"},
                 log};
    CHECK(late.wait(15s) == 0);
    auto const text = read_text_file(log);
    INFO(text);
    CHECK(text.find("1 r/status offline\n") != std::string::npos);
    CHECK(text.find("1 r/info {") != std::string::npos);
    CHECK(text.find("1 r/meter-a/availability online\n") != std::string::npos);
    CHECK(text.find("1 r/meter-b/availability offline\n") != std::string::npos);
    CHECK(text.find("1 r/meter-a/state {") != std::string::npos);
    CHECK(text.find("\"active_power\":600}") != std::string::npos);
}

TEST_CASE("sink: a broker that goes and comes back misses nothing", "[publish][sink][integration]")
{
    mosquitto_broker broker;
    broker.start(forgetting_nothing(broker));
    watcher const watch{broker, "r/#"};
    std::int64_t appended = 0;
    {
        plant p{broker};
        auto const more = [&](int n) {
            p.append("meter", n);
            appended += n;
        };
        for (int round = 0; round < 3; ++round) {
            REQUIRE(p.connected());
            more(500);
            // Goes while messages are under way.
            REQUIRE(p.agent.until([&] { return p.sink.statistics().backlog > 0; }));
            broker.stop();
            more(500);
            REQUIRE(p.agent.until([&] { return !p.sink.statistics().connected; }));
            more(200);
            broker.restart();
        }
        REQUIRE(p.agent.delivered(p.sink));
        CHECK(p.sink.statistics().losses == 3);
        CHECK(p.sink.statistics().totals.acknowledged >= static_cast<std::uint64_t>(appended));
    }
    REQUIRE(eventually([&] { return is_gap_free(readings(watch, "meter"), appended); }, 30s));
    auto const lines = watch.lines();
    CHECK(std::any_of(lines.begin(), lines.end(),
                      [](auto const& l) { return l.payload.find("\"historical\":true") != std::string::npos; }));
}

TEST_CASE("sink: records that an access list forbids wait until it allows them",
          "[publish][sink][integration]")
{
    mosquitto_broker broker;
    auto const acl = broker.folder().write("acl", "topic readwrite r/status\ntopic readwrite r/info\n"
                                                  "topic readwrite r/+/state\ntopic readwrite r/+/availability\n"
                                                  "topic readwrite $SYS/#\n");
    broker.start({"allow_anonymous true", "acl_file " + acl});
    plant p{broker};
    REQUIRE(p.connected());
    p.append("meter", 3);
    REQUIRE(p.agent.until([&] { return p.sink.statistics().refused > 0; }));
    REQUIRE(p.agent.until([&] { return !p.sink.statistics().connected; }));
    CHECK(p.sink.statistics().backlog > 0);
    CHECK(p.sink.statistics().totals.acknowledged == 0);
    CHECK(std::count_if(p.agent.lines.begin(), p.agent.lines.end(), [](auto const& line) {
              return line.find("refuses r/meter/readings") != std::string::npos;
          }) == 1);

    broker.folder().write("acl", "topic readwrite r/#\n");
    broker.restart();
    p.sink.retry_now();
    REQUIRE(p.agent.delivered(p.sink));
    CHECK(p.sink.statistics().totals.acknowledged == 3);
}
