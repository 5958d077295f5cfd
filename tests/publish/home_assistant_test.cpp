#include "agent/publish/home_assistant.hpp"

#include "agent/publish/home_assistant_class.hpp"
#include "agent/publish/json_outbox.hpp"
#include "core/point_names.hpp"
#include "tests/publish/publish_fixtures.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <map>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
namespace json = boost::json;

namespace {

device_entry device(std::string name, std::vector<std::string> points)
{
    device_entry d;
    d.name = std::move(name);
    d.model = "test_meter";
    for (auto const& point : points)
        d.points.push_back({point, "W", false, {}});
    return d;
}

snapshots make(device_catalogue devices, std::string_view left = {}, std::string prefix = "homeassistant")
{
    snapshots::options o{"energy/plant/gw", {"0.1.0", utc_time{}, "k3f9"}, std::nullopt};
    if (!prefix.empty())
        o.discovery.emplace(std::move(prefix), o.root, "0.1.0");
    return {std::move(o), std::move(devices), retained_book{left}};
}

/// What a broker retains after it took all that is due; "" = cleared.
struct retained {
    std::map<std::string, std::string> topics;

    void take(snapshots& s)
    {
        while (auto m = s.next()) {
            topics[m->topic] = m->payload;
            s.told(m->topic);
        }
    }

    json::object components(std::string const& topic) const
    {
        return json::parse(topics.at(topic)).at("components").as_object();
    }
};

constexpr auto config_a = "homeassistant/device/energy_plant_gw_a/config";
constexpr auto config_b = "homeassistant/device/energy_plant_gw_b/config";

} // namespace

TEST_CASE("home_assistant: the energy dashboard takes the counters of energy, and nothing that can fall as one",
          "[publish][home_assistant]")
{
    struct row {
        char const* point;
        char const* unit;
        bool counter;
        sensor_class expected;
    };
    std::vector<row> const rows{
        {"active_energy_import", "Wh", true, {"energy", "total_increasing", "Wh", 0}},
        {"thermal_energy", "Wh", true, {"energy", "total_increasing", "Wh", 0}},
        {"active_energy_day", "Wh", false, {"energy", "total_increasing", "Wh", 0}}, // begins again each day
        {"vendor.stored", "Wh", false, {"energy_storage", "measurement", "Wh", 0}},
        {"active_power", "W", false, {"power", "measurement", "W", 0}},
        {"reactive_power_l1", "var", false, {"reactive_power", "measurement", "var", 0}},
        {"apparent_power", "VA", false, {"apparent_power", "measurement", "VA", 0}},
        {"power_factor_l2", "", false, {"power_factor", "measurement", "", 3}},
        {"voltage_l1_l2", "V", false, {"voltage", "measurement", "V", 1}},
        {"current_n", "A", false, {"current", "measurement", "A", 2}},
        {"frequency", "Hz", false, {"frequency", "measurement", "Hz", 2}},
        {"module_temperature", "degC", false, {"temperature", "measurement", "°C", 1}},
        {"temperature_difference", "K", false, {"", "measurement", "K", 1}}, // a class would add 273.15
        {"irradiance", "W/m2", false, {"irradiance", "measurement", "W/m²", 0}},
        {"state_of_charge", "%", false, {"battery", "measurement", "%", 0}},
        {"heating_output", "%", false, {"", "measurement", "%", {}}},
        {"volume", "m3", true, {"volume", "total_increasing", "m³", 3}},
        {"volume_flow", "m3/h", false, {"volume_flow_rate", "measurement", "m³/h", 3}},
        {"production_count", "", true, {"", "total_increasing", "", 0}},
        {"serial_number", "", false, {"", "", "", {}}},
        {"speed", "rpm", false, {"", "measurement", "rpm", {}}},
    };
    for (auto const& r : rows) {
        INFO(r.point);
        auto const c = sensor_class_of({r.point, r.unit, r.counter, {}});
        CHECK(c.device_class == r.expected.device_class);
        CHECK(c.state_class == r.expected.state_class);
        CHECK(c.unit == r.expected.unit);
        CHECK(c.precision == r.expected.precision);
    }
}

TEST_CASE("home_assistant: every sensor has an id of its own, and a counter never expires", "[publish][home_assistant]")
{
    auto d = device("pv roof/1", {"active_power", "vendor.x_1"});
    d.points.push_back({"active_energy_export", "Wh", true, {}});
    d.points.push_back({"state", "", false, {{0, "off"}, {1, "on"}, {2, "on"}}});
    d.state_expiry = std::chrono::seconds{15};
    home_assistant const ha{"homeassistant", "energy/plant/gw", "0.1.0"};
    CHECK(ha.config_topic(d.name) == "homeassistant/device/energy_plant_gw_pv_roof_1/config");
    auto const all = json::parse(ha.config(d, {})).as_object();
    CHECK(all.at("state_topic") == "energy/plant/gw/pv roof_1/state");
    CHECK(all.at("availability").at(0).at("topic") == "energy/plant/gw/status");
    CHECK(all.at("availability").at(1).at("topic") == "energy/plant/gw/pv roof_1/availability");
    std::set<json::string> ids;
    for (auto const& [key, sensor] : all.at("components").as_object())
        CHECK(ids.insert(sensor.at("unique_id").as_string()).second);
    CHECK(ids.size() == 4);
    auto const& components = all.at("components").as_object();
    CHECK(components.at("vendor_x_1").at("value_template") == "{{ value_json.get('vendor.x_1') }}");
    CHECK(components.at("state").at("value_template") == "{{ value_json.get('state_text') }}");
    CHECK(components.at("state").at("options") == json::value({"off", "on"}));
    CHECK(components.at("active_power").at("expire_after") == 15);
    CHECK_FALSE(components.at("active_energy_export").as_object().contains("expire_after"));
}

TEST_CASE("home_assistant: a device is announced before its state, and again when Home Assistant starts",
          "[publish][home_assistant]")
{
    auto s = make({device("a", {"active_power"})});
    s.fold(power_record(power_layout("a"), 1, 1, 5).data, true);
    s.greet();
    std::vector<std::string> told;
    while (auto m = s.next())
        told.push_back(m->topic);
    CHECK(told == std::vector<std::string>{"energy/plant/gw/status", "energy/plant/gw/info", config_a,
                                           "energy/plant/gw/a/availability", "energy/plant/gw/a/state"});

    json_outbox box{lanes{{}, cursor{1}}, "energy/plant/gw", std::move(s), record_messages{"energy/plant/gw", "k3f9"}};
    CHECK(box.wishes() == std::vector<std::string>{"homeassistant/status"});
    moment now{rate_limit::time_point{} + std::chrono::hours{1}, utc_time{}};
    auto const hear = [&](std::string const& topic, std::string const& word, bool retain = false) {
        box.received({topic, word, retain, std::nullopt, 1}, now);
        int messages = 0;
        while (box.next(now))
            ++messages;
        return messages;
    };
    CHECK(hear("homeassistant/status", "offline") == 0);
    CHECK(hear("homeassistant/status", "online", true) == 0); // an old word
    CHECK(hear("homeassistant/a/set", "online") == 0);
    CHECK(hear("homeassistant/status", "online") == 3);
    CHECK(hear("homeassistant/status", "online") == 0); // not more often than every 10 s
    now.steady += std::chrono::seconds{10};
    CHECK(hear("homeassistant/status", "online") == 3);
}

TEST_CASE("home_assistant: what is removed from the site file is removed at the broker, once and over a restart",
          "[publish][home_assistant]")
{
    retained broker;
    auto first = make({device("a", {"active_power", "voltage", "frequency"}), device("b", {"active_power"})});
    first.greet();
    broker.take(first);
    REQUIRE(broker.components(config_a).size() == 3);
    auto const kept = first.left().take_changed();
    REQUIRE(kept.has_value());
    CHECK_FALSE(first.left().take_changed().has_value());

    SECTION("a device and a point")
    {
        auto second = make({device("a", {"active_power", "frequency"})}, *kept);
        second.greet();
        broker.take(second);
        CHECK(broker.topics.at(config_b).empty());
        CHECK(broker.topics.at("energy/plant/gw/b/availability").empty());
        CHECK(broker.components(config_a).at("voltage") == json::value({{"platform", "sensor"}}));
        CHECK(broker.components(config_a).at("frequency").as_object().contains("unique_id"));
        CHECK_FALSE(broker.topics.at("energy/plant/gw/a/availability").empty());

        broker.topics.clear();
        auto third = make({device("a", {"active_power", "frequency"})}, second.left().take_changed().value());
        third.greet();
        broker.take(third);
        CHECK(broker.topics.count(config_b) == 0);
        CHECK(broker.components(config_a).size() == 2);
    }
    SECTION("and is cleared again until the broker has acknowledged it")
    {
        auto second = make({device("a", {"active_power"})}, *kept);
        second.greet();
        while (second.next()) // handed over, and the connection breaks
            ;
        second.greet();
        broker.take(second);
        CHECK(broker.topics.at(config_b).empty());
        CHECK(broker.components(config_a).size() == 3);
    }
    SECTION("all of it, when it is switched off")
    {
        auto second =
            make({device("a", {"active_power", "voltage", "frequency"}), device("b", {"active_power"})}, *kept, "");
        second.greet();
        broker.take(second);
        CHECK(broker.topics.at(config_a).empty());
        CHECK(broker.topics.at(config_b).empty());
        CHECK_FALSE(broker.topics.at("energy/plant/gw/b/availability").empty());
    }
    SECTION("and under another prefix it moves")
    {
        auto second = make({device("a", {"active_power"})}, *kept, "ha");
        second.greet();
        broker.take(second);
        CHECK(broker.topics.at(config_a).empty());
        CHECK(broker.components("ha/device/energy_plant_gw_a/config").size() == 1);
    }
    SECTION("but a device whose points are not known yet loses none")
    {
        auto second = make({device("a", {}), device("b", {"active_power"})}, *kept);
        second.greet();
        broker.topics.clear();
        broker.take(second);
        CHECK(broker.topics.count(config_a) == 0);
        second.fold(power_record(power_layout("a"), 1, 1, 5).data, true);
        broker.take(second);
        CHECK(broker.components(config_a).size() == 1); // what it learned; the others are not called gone
        auto third = make({device("a", {"active_power", "voltage"})}, second.left().take_changed().value_or(*kept));
        third.greet();
        broker.take(third);
        CHECK(broker.components(config_a).at("frequency") == json::value({{"platform", "sensor"}}));
    }
}

TEST_CASE("retained_book: reads back what it wrote, and leaves out lines that cannot be right",
          "[publish][retained_book]")
{
    retained_book b;
    b.hold("r/a/state");
    b.hold("ha/device/r_a/config", {"x", "y"});
    auto const text = b.take_changed();
    REQUIRE(text.has_value());
    retained_book again{*text};
    CHECK(again.topics() == b.topics());
    CHECK(again.parts_of("ha/device/r_a/config") == retained_book::parts{"x", "y"});
    CHECK_FALSE(again.changed());
    again.hold("r/a/state");
    CHECK_FALSE(again.changed());
    again.drop("r/a/state");
    CHECK(again.changed());
    for (std::string_view const odd : {"r/+/state", "#", "\t", "a\t\tb", "a\x01", "\n\n"})
        CHECK(retained_book{odd}.topics().empty());
    CHECK(retained_book{"r/a\nr/#\nr/b"}.topics() == std::vector<std::string>{"r/a", "r/b"});
}
