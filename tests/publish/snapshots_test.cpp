#include "agent/publish/json_outbox.hpp"
#include "agent/publish/snapshots.hpp"
#include "core/aggregate_columns.hpp"
#include "tests/publish/publish_fixtures.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;

namespace {

snapshots make_snapshots(device_catalogue devices, std::string_view left = {})
{
    snapshots::options o;
    o.root = "energy/plant/gw";
    o.agent = {"0.1.0", utc_time{milliseconds{1'700'000'000'000}}, "k3f9"};
    return {std::move(o), std::move(devices), retained_book{left}};
}

device_entry device(std::string name)
{
    device_entry d;
    d.name = std::move(name);
    d.model = "test_meter";
    return d;
}

std::vector<std::string> drain(snapshots& s)
{
    std::vector<std::string> all;
    while (auto m = s.next()) {
        CHECK(m->retain);
        all.push_back(m->topic + " " + m->payload);
    }
    return all;
}

layout_ptr kpi_layout()
{
    layout l;
    l.device = std::string{aggregate::site};
    l.kind = stream::kpi_15m;
    column start;
    start.name = std::string{aggregate::start};
    l.columns.push_back(start);
    return std::make_shared<layout const>(std::move(l));
}

} // namespace

TEST_CASE("snapshots: a greeting tells status, info, devices and health, in this order", "[publish][snapshots]")
{
    auto s = make_snapshots({device("a"), device("b")},
                            "energy/plant/gw/gone/availability\nenergy/plant/gw/gone/state\nenergy/plant/gw/b/state\n");
    s.fold(power_record(power_layout("b"), 1, 1, 5).data, true);
    s.set_availability("b", availability::online);
    s.set_health({});
    s.greet();
    CHECK(s.greeting());
    auto const told = drain(s);
    CHECK_FALSE(s.greeting());
    REQUIRE(told.size() == 8);
    CHECK(told[0] == "energy/plant/gw/status online");
    CHECK(told[1].rfind("energy/plant/gw/info {", 0) == 0);
    CHECK(told[2] == "energy/plant/gw/a/availability offline");
    CHECK(told[3] == "energy/plant/gw/b/availability online");
    CHECK(told[4] == R"(energy/plant/gw/b/state {"v":1,"ts":1782000001000,"stored":true,"active_power":5})");
    CHECK(told[5] == "energy/plant/gw/gone/availability ");
    CHECK(told[6] == "energy/plant/gw/gone/state ");
    CHECK(told[7].rfind("energy/plant/gw/health {", 0) == 0);
}

TEST_CASE("snapshots: several changes before one is sent make one message", "[publish][snapshots]")
{
    auto known = device("a");
    known.learn(*power_layout("a"));
    auto s = make_snapshots({known});
    auto const l = power_layout("a");
    for (int i = 1; i <= 5; ++i)
        s.fold(power_record(l, 1, 1, i).data, true);
    s.set_availability("a", availability::online);
    s.set_availability("a", availability::asleep);
    s.set_availability("a", availability::asleep);
    CHECK(drain(s) == std::vector<std::string>{
                          R"(energy/plant/gw/a/state {"v":1,"ts":1782000001000,"stored":true,"active_power":5})",
                          "energy/plant/gw/a/availability asleep"});
    s.set_availability("a", availability::asleep);
    CHECK(drain(s).empty());
}

TEST_CASE("snapshots: a layout that brings new points tells info again", "[publish][snapshots]")
{
    auto s = make_snapshots({device("a")});
    auto const l = power_layout("a");
    s.fold(power_record(l, 1, 1, 1).data, true);
    auto const first = drain(s);
    REQUIRE(first.size() == 2);
    CHECK(first[0] == R"(energy/plant/gw/info {"v":1,"agent":"kilnwatt","version":"0.1.0","started":1700000000000,)"
                      R"("epoch":"k3f9","devices":[{"id":"a","model":"test_meter","points":{"active_power":"W"}}]})");
    s.fold(power_record(l, 2, 2, 1).data, true);
    CHECK(drain(s).size() == 1);

    SECTION("and a device that nobody named joins, offline at first")
    {
        s.fold(power_record(power_layout("stranger/#"), 3, 1, 1).data, true);
        auto const told = drain(s);
        REQUIRE(told.size() == 3);
        CHECK(told[0] == "energy/plant/gw/stranger__/availability offline");
        CHECK(told[1].find(R"("id":"stranger/#","model":"test_meter")") != std::string::npos);
        CHECK(told[2].rfind("energy/plant/gw/stranger__/state ", 0) == 0);
    }
}

TEST_CASE("snapshots: a state expires as its device says", "[publish][snapshots]")
{
    auto d = device("a");
    d.learn(*power_layout("a"));
    d.state_expiry = std::chrono::seconds{5};
    auto s = make_snapshots({d});
    s.fold(power_record(power_layout("a"), 1, 1, 1).data, false);
    auto const m = s.next();
    REQUIRE(m.has_value());
    CHECK(m->expiry == std::chrono::seconds{5});
    CHECK(boost::json::parse(m->payload).at("stored").as_bool() == false);
}

TEST_CASE("info_payload: lists counters and the names of states, and leaves out exponents", "[publish][agent_payload]")
{
    layout l;
    column energy;
    energy.name = "active_energy_import";
    energy.unit = "Wh";
    energy.counter = true;
    energy.exponent_column = 2;
    column status;
    status.name = "status";
    status.states = {{0, "off"}, {2, "running"}};
    column exponent;
    exponent.name = "vendor.wh_sf";
    l.columns = {energy, status, exponent};
    device_entry d = device("m");
    d.role = "load";
    CHECK(d.learn(l));
    CHECK_FALSE(d.learn(l));
    CHECK(info_payload({"1.0", utc_time{milliseconds{5}}, "e"}, {d}) ==
          R"({"v":1,"agent":"kilnwatt","version":"1.0","started":5,"epoch":"e","devices":[{"id":"m",)"
          R"("model":"test_meter","role":"load","points":{"active_energy_import":"Wh","status":""},)"
          R"("counters":["active_energy_import"],"states":{"status":{"0":"off","2":"running"}}}]})");
}

TEST_CASE("health_payload: shows the ledger, links, sinks, journal and clock", "[publish][agent_payload]")
{
    agent_health h;
    h.time = utc_time{milliseconds{1'700'000'000'000}};
    h.uptime_s = 60;
    h.devices.push_back({"m", 10, 9, 1, 9, 8, 0});
    h.links.push_back({"kiln-line", true, 100, 2, "timeout"});
    h.links.push_back({"tcp://192.0.2.11", false, 0, 0, ""});
    h.sinks.push_back({"dashboards", true, 3, 20, 17, 1, 0, 0});
    h.journal = {true, 4096, 1, 21};
    auto const text = health_payload(h);
    CHECK(text ==
          R"({"v":1,"ts":1700000000000,"uptime_s":60,)"
          R"("devices":[{"device":"m","read":10,"stored":9,"unstored":1,"published":9,"acknowledged":8,"dropped":0}],)"
          R"("links":[{"name":"kiln-line","connected":true,"requests":100,"failures":2,"last_error":"timeout"},)"
          R"({"name":"tcp://192.0.2.11","connected":false,"requests":0,"failures":0}],)"
          R"("sinks":[{"name":"dashboards","connected":true,"backlog":3,"published":20,"acknowledged":17,"resent":1,)"
          R"("refused":0,"dropped":0}],"journal":{"writing":true,"bytes":4096,"oldest":1,"head":21},)"
          R"("clock":{"trusted":true}})");
    boost::json::error_code ec;
    boost::json::parse(text, ec);
    CHECK_FALSE(ec);
}

TEST_CASE("record_messages: topics follow the stream, and only the newest KPI set is retained",
          "[publish][record_messages]")
{
    record_messages messages{"root", "e"};
    auto const message_of = [&](record r, bool historical = false) {
        auto const pos = r.pos;
        return messages.of({batch_of({std::move(r)}), 0, {pos, pos + 1}, historical, false});
    };
    CHECK(message_of(power_record(power_layout("m"), 1, 1, 1)).topic == "root/m/readings");
    CHECK(message_of(power_record(power_layout("m", stream::window_1m), 1, 1, 1)).topic == "root/m/window/PT1M");
    CHECK(message_of(power_record(power_layout("m", stream::window_15m), 1, 1, 1)).topic == "root/m/window/PT15M");
    CHECK(message_of(power_record(power_layout("site", stream::event), 1, 1, 1)).topic == "root/event");
    CHECK_FALSE(message_of(power_record(power_layout("m"), 1, 1, 1)).retain);

    auto const kpi = kpi_layout();
    auto const at_1000 = message_of(power_record(kpi, 5, 5, 1000));
    CHECK(at_1000.topic == "root/kpi/PT15M");
    CHECK(at_1000.retain);
    CHECK_FALSE(message_of(power_record(kpi, 4, 4, 900), true).retain);
    CHECK(message_of(power_record(kpi, 6, 6, 1000)).retain); // a revision
    CHECK(message_of(power_record(kpi, 7, 7, 1900)).retain);
}

TEST_CASE("json_outbox: live records and changed states take turns, the backlog comes last", "[publish][outbox]")
{
    auto const l = power_layout("a");
    auto d = device("a");
    d.learn(*l);
    json_outbox box{lanes{{stream_set{}.set(), 4096, 256, 0}, cursor{}}, "energy/plant/gw", make_snapshots({d}),
                    record_messages{"r", "e"}};
    auto const old_batch = batch_of({power_record(l, 1, 1, 1)});
    box.committed(old_batch, false);
    auto const range = box.records().want_read(1);
    REQUIRE(range.has_value());
    box.records().read_done(*range, old_batch, 2);
    box.greet({});
    box.committed(batch_of({power_record(l, 2, 2, 2), power_record(l, 3, 3, 3)}), true);

    std::vector<std::string> topics;
    int records = 0;
    while (auto out = box.next({})) {
        topics.push_back(out->what.topic);
        if (!out->item)
            continue;
        if (++records == 1) // a newer state while records wait
            box.unstored(power_record(l, 9, 9, 9).data);
        if (records == 3)
            CHECK(out->item->historical);
        box.delivered(*out->item, {});
    }
    CHECK(topics == std::vector<std::string>{"energy/plant/gw/status", "energy/plant/gw/info",
                                             "energy/plant/gw/a/availability", "energy/plant/gw/a/state",
                                             "r/a/readings", "energy/plant/gw/a/state", "r/a/readings",
                                             "r/a/readings"});
    CHECK(box.totals().published == 3);
    CHECK(box.totals().acknowledged == 3);
    CHECK(box.devices().at("a").acknowledged == 3);
    CHECK(box.records().progress().unconfirmed().empty());
}
