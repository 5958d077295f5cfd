#include "tests/publish/broker/agent_life.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

constexpr int devices = 20;
constexpr int points = 10;
constexpr auto poll_period = 100ms; // of each device: 200 polls a second in all

layout_ptr meter(int n)
{
    layout l;
    l.device = "meter-" + std::to_string(n);
    l.source = "test_meter";
    for (int p = 0; p < points; ++p) {
        column c;
        c.name = "vendor.p" + std::to_string(p);
        c.unit = "W";
        c.kind = value_kind::f64;
        l.columns.push_back(c);
    }
    return std::make_shared<layout const>(std::move(l));
}

double now_s()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Polls all devices once.
struct field {
    agent_life& agent;
    std::vector<layout_ptr> meters{};
    int polls = 0; ///< of each device

    explicit field(agent_life& a) : agent{a}
    {
        for (int n = 0; n < devices; ++n)
            meters.push_back(meter(n));
    }

    void poll()
    {
        ++polls;
        for (auto const& m : meters) {
            row r;
            r.layout = m;
            r.time = agent.clock.now();
            for (int p = 0; p < points; ++p)
                r.cells.push_back(cell_of(polls * 1.25 + p));
            if (!agent.ledger->append(std::move(r)))
                throw std::runtime_error{"the journal's queue is full"};
        }
    }
};

struct arrival {
    double at;
    double read;
    std::string device;
    std::int64_t seq;
    bool historical;
};

std::vector<arrival> arrivals(std::string const& log)
{
    std::vector<arrival> all;
    std::istringstream text{read_text_file(log)};
    for (std::string line; std::getline(text, line);) {
        auto const topic = line.find(' ') + 1;
        auto const payload = line.find(' ', topic) + 1;
        auto const p = boost::json::parse(line.substr(payload));
        all.push_back({std::stod(line), p.at("ts").to_number<double>() / 1e3, line.substr(topic, payload - topic - 1),
                       p.at("seq").as_int64(), p.as_object().contains("historical")});
    }
    return all;
}

double quantile(std::vector<double> sorted, double q)
{
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

struct outcome {
    int outage = 0; ///< polls
    std::size_t lost = 0, duplicates = 0;
    std::uint64_t resent = 0;
    double first_s = 0; ///< from the broker's return to the first message
    double drain_s = 0;
    int drained = 0;              ///< polls that came as historical
    std::vector<double> late_s{}; ///< from reading to subscriber, of live polls during the drain; sorted
};

outcome live_through_an_outage(int polls)
{
    mosquitto_broker broker;
    auto lines = forgetting_nothing(broker);
    lines.push_back("log_type none");
    broker.start(lines);
    scratch_folder const folder;
    auto const log = folder.file("watched");
    process const sub{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-i", "watcher", "-c",
                       "-q", "1", "-t", "r/+/readings", "-F", "%U %t %p"},
                      log};
    agent_life agent{folder.file("journal.db"), 500ms}; // commits as an agent does by default
    auto& sink = agent.add(options_for(broker, "dash"));
    agent.start();
    field plant{agent};
    REQUIRE(agent.until([&] { return sink.statistics().connected; }));
    plant.poll();
    REQUIRE(agent.until([&] { return sink.statistics().totals.acknowledged >= devices; }));
    REQUIRE(eventually([&] { return arrivals(log).size() == devices; }, 20s));

    broker.stop();
    REQUIRE(agent.until([&] { return !sink.statistics().connected; }));
    auto const before = plant.polls;
    while ((plant.polls - before) * devices < polls) {
        plant.poll();
        agent.io.run_one_for(1ms);
    }
    auto const outage = (plant.polls - before) * devices;
    REQUIRE(agent.until([&] { return sink.statistics().backlog >= static_cast<std::uint64_t>(outage); }));
    auto const first_live = plant.polls + 1;

    broker.restart();
    auto const back = now_s();
    boost::asio::steady_timer due{agent.io};
    std::function<void()> const feed = [&] {
        plant.poll();
        due.expires_after(poll_period);
        due.async_wait([&](boost::system::error_code ec) {
            if (!ec)
                feed();
        });
    };
    feed();
    REQUIRE(agent.until([&] { return sink.statistics().totals.acknowledged >= static_cast<std::uint64_t>(outage); }));
    due.cancel();
    auto const total = static_cast<std::size_t>(plant.polls * devices);
    REQUIRE(agent.until([&] { return agent.ledger->head() > total && sink.statistics().backlog == 0; }));
    auto const counts = sink.statistics();
    agent.stop();

    std::vector<arrival> came;
    REQUIRE(eventually([&] { return (came = arrivals(log)).size() >= total; }, 60s));
    std::map<std::pair<std::string, std::int64_t>, int> seen;
    std::vector<double> late;
    double first = 0, first_old = 0, last_old = 0;
    int old = 0;
    std::size_t repeats = 0;
    for (auto const& a : came) {
        repeats += ++seen[{a.device, a.seq}] > 1 && a.seq > 1 ? 1 : 0; // the first polls the broker itself may repeat
        if (first == 0 && a.at > back - 1 && a.seq > 1)
            first = a.at;
        if (a.historical) {
            ++old;
            first_old = first_old == 0 ? a.at : first_old;
            last_old = a.at;
        }
    }
    for (auto const& a : came)
        if (!a.historical && a.seq >= first_live && a.at <= last_old)
            late.push_back(a.at - a.read);
    std::sort(late.begin(), late.end());
    outcome o;
    o.outage = outage;
    o.lost = total - seen.size();
    o.duplicates = repeats;
    o.resent = counts.totals.resent;
    o.first_s = first - back;
    o.drain_s = last_old - first_old;
    o.drained = old;
    o.late_s = std::move(late);
    return o;
}

} // namespace

TEST_CASE("sink: an outage loses nothing and repeats nothing, and live readings do not wait for its end",
          "[publish][sink][integration]")
{
    auto const o = live_through_an_outage(4'000);
    CHECK(o.lost == 0);
    CHECK(o.duplicates == 0);
    CHECK(o.resent == 0);
    CHECK(o.drained >= o.outage);
}

/// Not a test but a measurement, run on request: test_publish_broker "[measure]"
/// KILNWATT_OUTAGE_POLLS: how many polls the outage lasts, 50,000 unless it says otherwise.
TEST_CASE("sink: how fast a backlog drains, and how late live readings are meanwhile", "[.][measure]")
{
    auto const* wish = std::getenv("KILNWATT_OUTAGE_POLLS");
    auto const o = live_through_an_outage(wish ? std::atoi(wish) : 50'000);
    auto const rate = o.drained / o.drain_s;
    WARN("outage " << o.outage << " polls of " << points << " readings; first publish " << o.first_s
                   << " s after the broker's return; drained at " << static_cast<int>(rate) << " polls/s = "
                   << static_cast<int>(rate * points) << " readings/s in " << o.drain_s << " s; " << o.late_s.size()
                   << " live polls meanwhile, from reading to subscriber p50 " << quantile(o.late_s, 0.5) << " s, p99 "
                   << quantile(o.late_s, 0.99) << " s, most " << quantile(o.late_s, 1) << " s; lost " << o.lost
                   << ", duplicates " << o.duplicates << ", resent " << o.resent);
}
