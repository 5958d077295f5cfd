#include "agent/publish/agent_payload.hpp"
#include "agent/publish/device_state.hpp"
#include "agent/publish/home_assistant.hpp"
#include "agent/publish/record_payload.hpp"
#include "tests/publish/json_schema.hpp"
#include "tests/publish/publish_fixtures.hpp"
#include "tests/support/places.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <string>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
namespace json = boost::json;

namespace {

std::string text_of(std::string const& path)
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/" + path};
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The JSON under each "### heading" of docs/mqtt.md.
std::map<std::string, json::value> documented()
{
    std::map<std::string, json::value> examples;
    auto const text = text_of("docs/mqtt.md");
    for (auto at = text.find("\n### "); at != std::string::npos; at = text.find("\n### ", at + 1)) {
        auto const name = text.substr(at + 5, text.find('\n', at + 1) - at - 5);
        auto const begin = text.find("```json\n", at) + 8;
        examples[name] = json::parse(text.substr(begin, text.find("```", begin) - begin));
    }
    return examples;
}

column col(std::string name, std::string unit, value_kind kind = value_kind::i64, double scale = 1.0)
{
    column c;
    c.name = std::move(name);
    c.unit = std::move(unit);
    c.kind = kind;
    c.scale = scale;
    return c;
}

column states(std::string name, std::vector<std::pair<std::int64_t, std::string>> names)
{
    auto c = col(std::move(name), "");
    c.states = std::move(names);
    return c;
}

record make_record(std::string device, stream s, std::uint64_t seq, std::vector<column> columns,
                   std::vector<cell> cells, std::vector<std::string> texts = {})
{
    layout l;
    l.device = std::move(device);
    l.kind = s;
    l.columns = std::move(columns);
    row r;
    r.layout = std::make_shared<layout const>(std::move(l));
    r.time = at_ms(1'700'000'000'123);
    r.cells = std::move(cells);
    r.texts = std::move(texts);
    return {1, seq, 1, std::move(r)};
}

record reading()
{
    auto energy = col("active_energy_export", "Wh", value_kind::u64);
    energy.counter = true;
    return make_record("pv-roof-1", stream::readings, 812,
                       {col("active_power", "W", value_kind::i64, 0.1), energy, col("module_temperature", "degC"),
                        states("status", {{4, "running"}, {7, "fault"}})},
                       {cell_of(std::int64_t{42105}), cell_of(std::uint64_t{9007199254740993}),
                        absent(quality::not_supported), cell_of(std::int64_t{4})});
}

record aggregate_record(std::string device, stream s, std::uint64_t seq, std::vector<column> columns,
                        std::vector<cell> cells)
{
    std::vector<column> all{col("start", ""), col("end", ""), col("revision", "")};
    all.insert(all.end(), columns.begin(), columns.end());
    std::vector<cell> values{cell_of(std::int64_t{1'700'000'100'000}), cell_of(std::int64_t{1'700'001'000'000}),
                             cell_of(std::int64_t{0})};
    values.insert(values.end(), cells.begin(), cells.end());
    return make_record(std::move(device), s, seq, std::move(all), std::move(values));
}

record window()
{
    auto const f64 = value_kind::f64;
    auto const none = absent(quality::no_data);
    return aggregate_record(
        "pv-roof-1", stream::window_15m, 96,
        {col("active_power.mean", "W", f64), col("active_power.min", "W", f64), col("active_power.max", "W", f64),
         col("active_power.last", "W", f64), col("active_power.coverage", "1", f64),
         col("active_energy_export.delta", "Wh", f64), col("active_energy_export.coverage", "1", f64),
         states("active_energy_export.method", {{0, "counter"}}), col("module_temperature.mean", "degC", f64),
         col("module_temperature.min", "degC", f64), col("module_temperature.max", "degC", f64),
         col("module_temperature.last", "degC", f64), col("module_temperature.coverage", "1", f64)},
        {cell_of(4180.25), cell_of(3900.0), cell_of(4300.5), cell_of(4210.5), cell_of(1.0), cell_of(1045.0),
         cell_of(1.0), cell_of(std::int64_t{0}), none, none, none, none, cell_of(0.0)});
}

record kpi()
{
    auto const f64 = value_kind::f64;
    return aggregate_record("site", stream::kpi_15m, 97,
                            {col("site.pv_first", "%", f64), col("site.pv_first.coverage", "1", f64),
                             states("site.pv_first.method", {{0, "counter"}}), col("site.self_sufficiency", "%", f64),
                             col("site.self_sufficiency.coverage", "1", f64),
                             states("site.self_sufficiency.method", {{0, "counter"}}),
                             col("grid.demand_max", "kW", f64), col("grid.demand_max.coverage", "1", f64),
                             states("grid.demand_max.method", {{0, "counter"}}), col("grid.demand_max.at", "ms")},
                            {cell_of(91.67), cell_of(1.0), cell_of(std::int64_t{0}), absent(quality::coverage_too_low),
                             cell_of(0.4), cell_of(std::int64_t{0}), cell_of(612.3), cell_of(1.0),
                             cell_of(std::int64_t{0}), cell_of(std::int64_t{1700000460000})});
}

record event()
{
    auto const text = value_kind::text;
    return make_record(
        "site", stream::event, 5,
        {col("kind", "", text), col("subject", "", text),
         states("severity", {{0, "info"}, {1, "warning"}, {2, "alarm"}}), col("message", "", text)},
        {{0, quality::good, true}, {1, quality::good, true}, cell_of(std::int64_t{1}), {2, quality::good, true}},
        {"counter_reset", "feeder-3", "active_energy_import fell from 812 to 3 Wh"});
}

device_entry inverter()
{
    device_entry d;
    d.name = "pv-roof-1";
    d.model = "sunspec";
    d.role = "pv";
    d.state_expiry = std::chrono::seconds{15};
    d.learn(*reading().data.layout);
    return d;
}

std::string info()
{
    return info_payload({"0.1.0", utc_time{milliseconds{1'699'999'000'000}}, "k3f9"}, {inverter()});
}

std::string health()
{
    agent_health h;
    h.time = utc_time{milliseconds{1'700'000'000'123}};
    h.uptime_s = 1000;
    h.devices.push_back({"pv-roof-1", 812, 812, 0, 813, 811, 0});
    h.links.push_back({"tcp://192.0.2.11", true, 1640, 2, "no answer in time"});
    h.sinks.push_back({"dashboards", true, 3, 1030, 1027, 1, 0, 0});
    h.journal = {true, 1'048'576, 1, 1031};
    return health_payload(h);
}

std::map<std::string, json::value> written()
{
    device_state state;
    state.fold(reading().data, true);
    return {{"state", json::parse(state.payload())},
            {"readings", json::parse(record_payload(reading(), "k3f9", true))},
            {"window", json::parse(record_payload(window(), "k3f9", false))},
            {"kpi", json::parse(record_payload(kpi(), "k3f9", false))},
            {"event", json::parse(record_payload(event(), "k3f9", false))},
            {"info", json::parse(info())},
            {"health", json::parse(health())},
            {"home_assistant", json::parse(home_assistant{"homeassistant", "energy/plant-2/gateway", "0.1.0"}.config(
                                   inverter(), {"reactive_power"}))}};
}

} // namespace

TEST_CASE("docs/mqtt.md: its examples are what the program writes", "[publish][docs]")
{
    auto const examples = documented();
    auto const payloads = written();
    REQUIRE(examples.size() == payloads.size());
    for (auto const& [name, payload] : payloads) {
        INFO(name << " is " << json::serialize(payload));
        REQUIRE(examples.count(name) == 1);
        CHECK(examples.at(name) == payload);
    }
}

TEST_CASE("docs/schemas: each schema takes the payload of its topic, and no other with another shape",
          "[publish][docs]")
{
    auto const payloads = written();
    for (auto const& [name, payload] : payloads) {
        auto const schema = json::parse(text_of("docs/schemas/" + name + ".json"));
        for (auto const& [other, value] : payloads) {
            INFO("schema " << name << ", payload " << other);
            auto const finding = json_schema_finding(schema, value);
            INFO(finding);
            bool const flat_too = name == "readings" && other == "event"; // texts are values of points as well
            CHECK(finding.empty() == (name == other || flat_too));
        }
    }
}

TEST_CASE("docs/schemas: a changed version, a text for a time and an unknown quality are refused", "[publish][docs]")
{
    auto const schema = json::parse(text_of("docs/schemas/readings.json"));
    auto const changed = [&](char const* key, json::value v) {
        auto payload = json::parse(record_payload(reading(), "k3f9", true));
        payload.as_object()[key] = std::move(v);
        return json_schema_finding(schema, payload);
    };
    CHECK(changed("v", 1).empty());
    CHECK_FALSE(changed("v", 2).empty());
    CHECK_FALSE(changed("ts", "now").empty());
    CHECK_FALSE(changed("seq", 0).empty());
    CHECK_FALSE(changed("historical", false).empty());
    CHECK_FALSE(changed("quality", json::value{{"active_power", "splendid"}}).empty());
    CHECK_FALSE(changed("active_power", true).empty());
}
