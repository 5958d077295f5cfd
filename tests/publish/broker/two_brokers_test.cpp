#include "protocols/sparkplug/payload.hpp"
#include "tests/publish/broker/agent_life.hpp"

#include <boost/json.hpp>

#include <set>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

/// One agent, a JSON sink for windows and figures at one broker, a Sparkplug node for all at another.
struct two_brokers {
    mosquitto_broker office, scada;
    scratch_folder folder;
    std::optional<watcher> at_office, at_scada;
    std::optional<agent_life> agent;
    publish::sink* json = nullptr;
    publish::sink* node = nullptr;
    int windows = 0;
    int readings = 0;

    two_brokers()
    {
        office.start(forgetting_nothing(office));
        scada.start(forgetting_nothing(scada));
        at_office.emplace(office, "#");
        at_scada.emplace(scada, "spBv1.0/#");
        agent.emplace(folder.file("journal.db"));
        auto figures = options_for(office, "office");
        figures.streams = stream_set{}
                              .set(static_cast<std::size_t>(stream::window_15m))
                              .set(static_cast<std::size_t>(stream::kpi_15m));
        json = &agent->add(std::move(figures));
        auto all = options_for(scada, "scada");
        all.session.version = 4;
        all.sparkplug = sparkplug_options{.group = "G", .node = "N", .outlive = 500ms};
        node = &agent->add(std::move(all));
        agent->start();
        node->set_availability("meter", availability::online);
        REQUIRE(agent->until([&] { return json->statistics().connected && node->statistics().connected; }));
    }

    void append(int count)
    {
        agent->append("meter", stream::readings, count);
        agent->append("meter", stream::window_15m, count);
        readings += count;
        windows += count;
    }

    /// seq of each window that came, with how often.
    std::map<std::int64_t, int> windows_at_office() const
    {
        std::map<std::int64_t, int> seen;
        for (auto const& l : at_office->lines())
            if (l.topic == "r/meter/window/PT15M")
                ++seen[boost::json::parse(l.payload).at("seq").as_int64()];
        return seen;
    }

    /// Values of the meter's readings that came, in births too.
    std::set<std::int64_t> readings_at_scada() const
    {
        std::map<std::uint64_t, std::string> names;
        std::set<std::int64_t> seen;
        for (auto const& l : at_scada->lines()) {
            auto const p = sparkplug::decode(l.payload);
            if (!p || l.topic.find("/N/meter") == std::string::npos)
                continue;
            for (auto const& m : p->metrics) {
                if (!m.name.empty() && m.alias)
                    names[*m.alias] = m.name;
                auto const* number = std::get_if<std::int64_t>(&m.value);
                if (number && m.alias && names[*m.alias] == "active_power")
                    seen.insert(*number);
            }
        }
        return seen;
    }

    bool office_has_all() const
    {
        auto const seen = windows_at_office();
        return static_cast<int>(seen.size()) == windows && seen.begin()->first == 1 && seen.rbegin()->first == windows;
    }

    bool scada_has_all() const
    {
        auto const seen = readings_at_scada();
        return static_cast<int>(seen.size()) == readings && *seen.begin() == 1 && *seen.rbegin() == readings;
    }
};

} // namespace

TEST_CASE("sinks: one broker is down for a while; the other does not notice, and nothing is lost at either",
          "[publish][sink][integration]")
{
    two_brokers t;
    t.append(200);
    REQUIRE(t.agent->delivered(*t.json));
    REQUIRE(t.agent->delivered(*t.node));

    SECTION("the node's broker")
    {
        t.scada.stop();
        REQUIRE(t.agent->until([&] { return !t.node->statistics().connected; }));
        t.append(300);
        REQUIRE(t.agent->delivered(*t.json)); // meanwhile
        CHECK(t.json->statistics().losses == 0);
        CHECK(t.json->statistics().totals.resent == 0);
        CHECK(t.node->statistics().backlog >= 600);
        t.scada.restart();
        t.append(100);
        REQUIRE(t.agent->delivered(*t.node));
        REQUIRE(t.agent->delivered(*t.json));
    }
    SECTION("the JSON sink's broker")
    {
        t.office.stop();
        REQUIRE(t.agent->until([&] { return !t.json->statistics().connected; }));
        t.append(300);
        REQUIRE(t.agent->delivered(*t.node)); // meanwhile
        CHECK(t.node->statistics().losses == 0);
        CHECK(t.json->statistics().backlog >= 300);
        t.office.restart();
        t.append(100);
        REQUIRE(t.agent->delivered(*t.json));
        REQUIRE(t.agent->delivered(*t.node));
    }
    t.agent->stop();
    CHECK(eventually([&] { return t.office_has_all(); }, 20s));
    CHECK(eventually([&] { return t.scada_has_all(); }, 20s));
    for (auto const& l : t.at_office->lines()) // it was not asked for readings
        CHECK(l.topic.find("/readings") == std::string::npos);
}
