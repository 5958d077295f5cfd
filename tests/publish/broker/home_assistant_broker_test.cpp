#include "tests/publish/broker/agent_life.hpp"
#include "tests/publish/json_schema.hpp"
#include "tests/support/places.hpp"

#include <boost/json.hpp>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

device_entry meter(std::string name, std::vector<std::string> const& points)
{
    device_entry d;
    d.name = std::move(name);
    d.model = "test_meter";
    for (auto const& point : points)
        d.points.push_back({point, point.ends_with("_import") ? "Wh" : "W", point.ends_with("_import"), {}});
    return d;
}

/// What a consumer finds that comes later: topic and payload of all that is retained below homeassistant/.
std::map<std::string, std::string> retained(mosquitto_broker const& broker)
{
    scratch_folder const folder;
    auto const log = folder.file("retained");
    process sub{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-t", "homeassistant/#", "-t",
                 "r/+/availability", "--retained-only", "-F", "%t %p", "-W", "1"},
                log};
    sub.wait(10s);
    std::map<std::string, std::string> found;
    std::istringstream text{read_text_file(log)};
    for (std::string line; std::getline(text, line);)
        found[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
    return found;
}

void live(mosquitto_broker const& broker, std::string const& journal, device_catalogue devices, std::string prefix)
{
    agent_life agent{journal};
    auto o = options_for(broker, "home");
    o.home_assistant = std::move(prefix);
    auto& sink = agent.add(std::move(o), std::move(devices));
    agent.start();
    agent.append("grid", stream::readings, 1);
    REQUIRE(agent.delivered(sink));
    REQUIRE(agent.until([&] { return agent.ledger->head() > 1; }));
}

constexpr auto grid = "homeassistant/device/r_grid/config";
constexpr auto roof = "homeassistant/device/r_roof/config";

} // namespace

TEST_CASE("home_assistant: a broker retains what is announced, and nothing of what was removed",
          "[publish][home_assistant][integration]")
{
    mosquitto_broker broker;
    broker.start({"allow_anonymous true"});
    scratch_folder const folder;
    auto const journal = folder.file("journal.db");
    std::vector<std::string> const points{"active_power", "active_energy_import"};

    live(broker, journal, {meter("grid", points), meter("roof", points)}, "homeassistant");
    auto const first = retained(broker);
    auto const schema = boost::json::parse(read_text_file(KILNWATT_SOURCE_DIR "/docs/schemas/home_assistant.json"));
    for (auto const* topic : {grid, roof}) {
        REQUIRE(first.count(topic) == 1);
        CHECK(json_schema_finding(schema, boost::json::parse(first.at(topic))).empty());
    }
    auto const counter = boost::json::parse(first.at(grid)).at("components").at("active_energy_import");
    CHECK(counter.at("device_class") == "energy");
    CHECK(counter.at("state_class") == "total_increasing");

    live(broker, journal, {meter("grid", {"active_power"})}, "homeassistant"); // another run, a smaller site file
    auto const second = retained(broker);
    CHECK(second.count(roof) == 0);
    CHECK(second.count("r/roof/availability") == 0);
    CHECK(second.count("r/grid/availability") == 1);
    CHECK(boost::json::parse(second.at(grid)).at("components").at("active_energy_import") ==
          boost::json::value({{"platform", "sensor"}}));

    live(broker, journal, {meter("grid", {"active_power"})}, ""); // switched off
    auto const third = retained(broker);
    CHECK(third.count(grid) == 0);
    CHECK(third.count("r/grid/availability") == 1);
}
