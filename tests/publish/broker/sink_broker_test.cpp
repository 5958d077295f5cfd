#include "agent/publish/journal_records.hpp"
#include "agent/publish/sink.hpp"
#include "tests/mqtt/broker/await.hpp"
#include "tests/publish/publish_fixtures.hpp"
#include "tests/support/mosquitto_broker.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;
using kilnwatt::test::await;
using kilnwatt::test::eventually;
using kilnwatt::test::mosquitto_broker;
using kilnwatt::test::process;
using kilnwatt::test::read_text_file;
using kilnwatt::test::run_until;
using kilnwatt::test::scratch_folder;

namespace {

/// mosquitto_sub on everything below r/, with a session that outlives the broker's restarts.
class watcher {
public:
    explicit watcher(mosquitto_broker const& broker)
        : log_{broker.folder().file("watched")}, sub_{{"mosquitto_sub", "-h", "127.0.0.1", "-p",
                                                       std::to_string(broker.port()), "-i", "watcher", "-c", "-q", "1",
                                                       "-t", "r/#", "-F", "%r %t %p"},
                                                      log_}
    {}

    struct line {
        bool retained;
        std::string topic;
        std::string payload;
    };

    std::vector<line> lines() const
    {
        std::vector<line> all;
        std::istringstream text{read_text_file(log_)};
        for (std::string one; std::getline(text, one);) {
            auto const topic_end = one.find(' ', 2);
            if (topic_end != std::string::npos)
                all.push_back({one[0] == '1', one.substr(2, topic_end - 2), one.substr(topic_end + 1)});
        }
        return all;
    }

    /// seq of each reading of a device, with how often it came.
    std::map<std::int64_t, int> readings(std::string const& device) const
    {
        std::map<std::int64_t, int> seen;
        for (auto const& l : lines())
            if (l.topic == "r/" + device + "/readings")
                ++seen[boost::json::parse(l.payload).at("seq").as_int64()];
        return seen;
    }

private:
    std::string log_;
    process sub_;
};

/// A real journal with a sink on a real broker.
struct plant {
    mosquitto_broker& broker;
    scratch_folder folder;
    plant_clock clock;
    boost::asio::io_context io;
    std::unique_ptr<journal::journal> ledger;
    std::optional<journal_records> source;
    std::optional<publish::sink> sink;
    std::vector<std::string> lines;
    std::map<std::string, layout_ptr> layouts;

    explicit plant(mosquitto_broker& b) : broker{b}
    {
        std::string why;
        auto opened = journal::journal::open({.path = folder.file("journal.db"), .commit = 5ms}, clock, why);
        REQUIRE(opened.has_value());
        ledger = std::move(*opened);
        source.emplace(*ledger);
        sink_options o;
        o.name = "dash";
        o.root = "r";
        o.session.host = "127.0.0.1";
        o.session.port = broker.port();
        o.session.client_id = "gateway";
        o.report = [this](report_level, std::string line) { lines.push_back(std::move(line)); };
        sink.emplace(io.get_executor(), o, *source, device_catalogue{}, clock);
        ledger->on_commit([this](batch_ptr committed) {
            boost::asio::post(io, [this, committed] { sink->on_committed(committed); });
        });
        ledger->start();
        sink->start();
    }

    ~plant()
    {
        await(io, sink->stop());
        ledger->stop();
    }

    void append(std::string const& device, int count)
    {
        auto& l = layouts[device];
        if (!l)
            l = power_layout(device);
        for (int i = 0; i < count; ++i) {
            auto r = power_record(l, 0, 0, i).data;
            r.time = clock.now();
            REQUIRE(ledger->append(std::move(r)));
        }
    }

    /// Runs until all that was committed is acknowledged.
    bool delivered(std::uint64_t count)
    {
        return run_until(io, [&] {
            auto const s = sink->statistics();
            return ledger->head() > count && s.backlog == 0 && s.connected;
        });
    }
};

bool is_gap_free(std::map<std::int64_t, int> const& seen, std::int64_t count)
{
    return static_cast<std::int64_t>(seen.size()) == count && seen.begin()->first == 1 && seen.rbegin()->first == count;
}

} // namespace

TEST_CASE("sink: delivers a journal to mosquitto, gap-free and once", "[publish][sink][integration]")
{
    mosquitto_broker broker;
    broker.start({"allow_anonymous true", "max_queued_messages 0"});
    watcher watch{broker};
    {
        plant p{broker};
        p.sink->set_availability("meter-a", availability::online);
        REQUIRE(run_until(p.io, [&] { return p.sink->statistics().connected; }));
        p.append("meter-a", 600);
        p.append("meter-b", 400);
        REQUIRE(p.delivered(1000));
        auto const s = p.sink->statistics();
        CHECK(s.devices.at("meter-a").acknowledged == 600);
        CHECK(s.devices.at("meter-b").acknowledged == 400);
        CHECK(s.totals.resent == 0);
        CHECK(s.losses == 0);
    }
    REQUIRE(eventually([&] { return is_gap_free(watch.readings("meter-a"), 600); }, 20s));
    REQUIRE(eventually([&] { return is_gap_free(watch.readings("meter-b"), 400); }, 20s));
    for (auto const& [seq, times] : watch.readings("meter-a"))
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
    CHECK(text.find("\"active_power\":599}") != std::string::npos);
}

TEST_CASE("sink: a broker that goes and comes back misses nothing", "[publish][sink][integration]")
{
    mosquitto_broker broker;
    broker.start({"allow_anonymous true", "max_queued_messages 0", "persistence true",
                  "persistence_location " + broker.folder().path() + "/"});
    watcher watch{broker};
    std::int64_t appended = 0;
    {
        plant p{broker};
        auto const more = [&](int n) {
            p.append("meter", n);
            appended += n;
        };
        for (int round = 0; round < 3; ++round) {
            REQUIRE(run_until(p.io, [&] { return p.sink->statistics().connected; }));
            more(500);
            // Goes while messages are under way.
            REQUIRE(run_until(p.io, [&] { return p.sink->statistics().backlog > 0; }));
            broker.stop();
            more(500);
            REQUIRE(run_until(p.io, [&] { return !p.sink->statistics().connected; }));
            more(200);
            broker.restart();
        }
        REQUIRE(p.delivered(static_cast<std::uint64_t>(appended)));
        CHECK(p.sink->statistics().losses == 3);
        CHECK(p.sink->statistics().totals.acknowledged >= static_cast<std::uint64_t>(appended));
    }
    REQUIRE(eventually([&] { return is_gap_free(watch.readings("meter"), appended); }, 30s));
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
    REQUIRE(run_until(p.io, [&] { return p.sink->statistics().connected; }));
    p.append("meter", 3);
    REQUIRE(run_until(p.io, [&] { return p.sink->statistics().refused > 0; }));
    REQUIRE(run_until(p.io, [&] { return !p.sink->statistics().connected; }));
    CHECK(p.sink->statistics().backlog > 0);
    CHECK(p.sink->statistics().totals.acknowledged == 0);
    CHECK(std::count_if(p.lines.begin(), p.lines.end(), [](auto const& line) {
              return line.find("refuses r/meter/readings") != std::string::npos;
          }) == 1);

    broker.folder().write("acl", "topic readwrite r/#\n");
    broker.restart();
    p.sink->retry_now();
    REQUIRE(p.delivered(3));
    CHECK(p.sink->statistics().totals.acknowledged == 3);
}
