#include "tests/config/temporary_folder.hpp"
#include "tests/settings/site_text.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::settings;
using kilnwatt::test::temporary_folder;
using namespace std::chrono_literals;

namespace {

device_settings const& device(site const& s, std::string_view name)
{
    auto const hit = std::find_if(s.devices.begin(), s.devices.end(), [&](auto const& d) { return d.name == name; });
    REQUIRE(hit != s.devices.end());
    return *hit;
}

} // namespace

TEST_CASE("load_site: the example plant is without mistakes", "[settings][load_site]")
{
    auto const loaded = load_site(KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml");
    REQUIRE(lines(loaded) == strings{});
    auto const& s = loaded.value;

    CHECK(s.name == "Liling ceramics, plant 2");
    CHECK(s.id == "plant-2");
    CHECK(s.gateway == "demo");
    CHECK(s.timezone == "Asia/Shanghai");
    CHECK(s.journal.path == KILNWATT_SOURCE_DIR "/config/examples/kilnwatt-demo.db");
    CHECK(s.journal.size == 1ull << 30);
    CHECK(s.journal.sync_full);
    CHECK(s.close_delay == 15s);
    CHECK(s.carriers.electricity_kgce_per_kwh == 0.1229);
    CHECK(s.carriers.gas_kgce_per_m3 == 1.2143);
    CHECK(s.carriers.gas_lhv_mj_per_m3 == 35.588);

    REQUIRE(s.mqtt.size() == 1);
    CHECK(s.mqtt[0].host == "127.0.0.1");
    CHECK(s.mqtt[0].port == 18830);
    CHECK_FALSE(s.mqtt[0].tls.has_value());
    CHECK(s.mqtt[0].root == "energy/plant-2/demo");
    CHECK(s.mqtt[0].client_id == "kilnwatt-plant-2-dashboards");
    CHECK(s.mqtt[0].version == 5);

    CHECK(s.devices.size() == 17);
    CHECK(s.links.size() == 8); // three shared lines, and five devices with an address of their own
    auto const link_of = [&s](std::string_view name) { return s.links.at(device(s, name).link); };
    CHECK(link_of("weather").name == "plant-plc");
    CHECK(device(s, "weather").link == device(s, "boiler").link);
    CHECK(link_of("kiln-heat").address.kind == link_kind::serial);
    CHECK(link_of("kiln-heat").address.serial == serial_format{.baud = 19200, .parity = 'E'});
    CHECK(link_of("press-meter").address.kind == link_kind::rtu_over_tcp);
    CHECK(link_of("pv-roof-1").address.port == 15021);

    auto const& pv = device(s, "pv-roof-1");
    CHECK(pv.what == role::pv);
    CHECK_FALSE(pv.unit.has_value());
    CHECK(pv.profile == "sunspec");
    CHECK(pv.poll == std::map<std::string, milliseconds>{{"counters", 10s}});
    REQUIRE(pv.array.has_value());
    CHECK(pv.array->rated_w == 300'000);
    CHECK(pv.array->inverter_rated_w == 250'000);
    CHECK(pv.array->temperature_coefficient == Approx(-0.0035));

    auto const& x = device(s, "transformer").transformer;
    REQUIRE(x.has_value());
    CHECK(x->rated_va == 1e6);
    CHECK(x->no_load_loss_w == Approx(830));
    CHECK(x->load_loss_w == Approx(10'300));

    auto const& drive = device(s, "press-drive");
    CHECK(drive.unit == 3);
    CHECK(drive.key);
    CHECK(drive.meter == "press-meter");
    REQUIRE(drive.motor.has_value());
    CHECK(drive.motor->rated_w == 110'000);
    CHECK(drive.motor->rated_speed == 1488);
    CHECK(drive.motor->efficiency_class == "IE5");
    CHECK(drive.profile_at.line > drive.at.line);
}

TEST_CASE("load_site: what is not written has its default", "[settings][load_site]")
{
    temporary_folder const folder;
    auto const loaded =
        load_site(folder.write("site.toml", head + meter + "[[mqtt]]\nname = \"scada\"\nurl = \"mqtt://Broker\"\n"));
    REQUIRE(lines(loaded) == strings{});
    auto const& s = loaded.value;
    CHECK(s.id == "plant-2");
    CHECK(s.gateway == "gateway");
    CHECK(s.timezone == "Asia/Shanghai");
    CHECK(s.journal.path == "/var/lib/kilnwatt/journal.db");
    CHECK(s.journal.size == 8ull << 30);
    CHECK(s.journal.commit == 500ms);
    CHECK(s.devices[0].what == role::none);
    CHECK(s.devices[0].sign == 1.0);
    CHECK(s.devices[0].share == 1.0);
    CHECK(s.mqtt[0].host == "broker");
    CHECK(s.mqtt[0].port == 1883);
    CHECK(s.mqtt[0].root == "energy/plant-2/gateway");
    CHECK(s.mqtt[0].client_id == "kilnwatt-plant-2-scada");
    CHECK(s.mqtt[0].keep_alive == 10s);
    CHECK((s.mqtt[0].readings && s.mqtt[0].windows && s.mqtt[0].kpis && s.mqtt[0].events));
}

TEST_CASE("load_site: every key can be set", "[settings][load_site]")
{
    temporary_folder const folder;
    folder.write("profiles/x.txt", "");
    auto const loaded = load_site(folder.write("site.toml", R"(
schema = 1
[site]
name = "Plant"
id = "p_3"
gateway = "north"
timezone = "UTC"
[profiles]
folders = ["profiles", "/tmp"]
[journal]
path = "data/j.db"
keep = {size = "2 GiB", windows = "500 MB"}
commit = "0 ms"
sync = "normal"
[energy]
close_delay = "1 min"
electricity = "0.3 kgce/kWh"
natural_gas = {coefficient = "1.33 kgce/m3", lhv = "10 kWh/m3"}
source = "plant laboratory, 2025"
[[link]]
name = "line"
url = "serial:///dev/ttyUSB7?baud=9600"
timing = {connect_timeout = "1 s", connect_delay = "50 ms", response_timeout = "2 s", request_gap = "20 ms", unit_gap = "30 ms", idle_close = "1 h", close_after_poll = true, lenient_transaction_id = true, local_echo = true}
failing_share = 0.25
offline_after = 3
probe_max = "2 min"
[[device]]
name = "pv"
link = "line"
unit = 9
role = "pv"
sign = -1
share = 0.5
points = [{name = "active_power", address = 0, type = "u16", unit = "W"}]
poll = {fast = "1 s", normal = "2 s", counters = "3 s", slow = "1 d"}
timing = {response_timeout = "3 s"}
registers_per_request = 12
retries = 2
[[mqtt]]
name = "scada"
url = "mqtts://[2001:DB8::1]"
fallback = ["mqtts://b.example", "mqtts://c.example:1"]
root = "a/b"
home_assistant = "ha/north"
publish = ["kpis", "readings"]
client_id = "gw-1"
version = "3.1.1"
keep_alive = "30 s"
ack_timeout = "20 s"
)"));
    REQUIRE(lines(loaded) == strings{});
    auto const& s = loaded.value;
    CHECK(s.id == "p_3");
    CHECK(s.profile_folders == strings{folder.path("profiles"), "/tmp"});
    CHECK(s.journal.path == folder.path("data/j.db"));
    CHECK(s.journal.size == 2ull << 30);
    CHECK(s.journal.windows_size == 500'000'000);
    CHECK(s.journal.commit == 0ms);
    CHECK_FALSE(s.journal.sync_full);
    CHECK(s.close_delay == 1min);
    CHECK(s.carriers.electricity_kgce_per_kwh == 0.3);
    CHECK(s.carriers.gas_lhv_mj_per_m3 == 36.0);
    CHECK(s.carriers.source == "plant laboratory, 2025");
    REQUIRE(s.links.size() == 1);
    auto const& timing = s.links[0].timing;
    CHECK(timing.connect_timeout == 1s);
    CHECK(timing.connect_delay == 50ms);
    CHECK(timing.response_timeout == 2s);
    CHECK(timing.request_gap == 20ms);
    CHECK(timing.unit_gap == 30ms);
    CHECK(timing.idle_close == 1h);
    CHECK(timing.close_after_poll == true);
    CHECK(timing.lenient_transaction_id == true);
    CHECK(timing.local_echo == true);
    CHECK(s.links[0].failing_share == 0.25);
    CHECK(s.links[0].offline_after == 3);
    CHECK(s.links[0].probe_max == 2min);
    REQUIRE(s.devices.size() == 1);
    auto const& d = s.devices[0];
    CHECK(d.unit == 9);
    CHECK(d.sign == -1.0);
    CHECK(d.share == 0.5);
    CHECK(d.profile.empty());
    REQUIRE(d.points_owner.has_value());
    CHECK(config::table{*d.points_owner}.children("points").size() == 1);
    CHECK(d.poll.at("slow") == 24h);
    CHECK(d.registers_per_request == 12);
    CHECK(d.retries == 2);
    CHECK(d.timing.response_timeout == 3s);
    auto const& m = s.mqtt.at(0);
    CHECK(m.host == "2001:db8::1");
    CHECK(m.port == 8883);
    CHECK(m.home_assistant == "ha/north");
    CHECK(m.fallback == std::vector<server_settings>{{"b.example", 8883}, {"c.example", 1}});
    REQUIRE(m.tls.has_value());
    CHECK(m.tls->ca_file.empty());
    CHECK((m.kpis && m.readings && !m.windows && !m.events));
    CHECK(m.version == 4);
    CHECK(m.keep_alive == 30s);
    CHECK(m.ack_timeout == 20s);
}

TEST_CASE("load_site: CRLF and a byte order mark are no mistakes", "[settings][load_site]")
{
    temporary_folder const folder;
    auto text = head + meter;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
        text.insert(at, "\r");
    CHECK(lines(load_site(folder.write("site.toml", "\xef\xbb\xbf" + text))) == strings{});
}

TEST_CASE("load_site: included files add devices, and their paths are relative to themselves", "[settings][load_site]")
{
    temporary_folder const folder;
    folder.write("conf.d/profiles/x.txt", "");
    folder.write("conf.d/1.toml", meter);
    folder.write("conf.d/2.toml", "[profiles]\nfolders = [\"profiles\"]\n[[device]]\nname = \"b\"\nlink = "
                                  "\"tcp://192.0.2.8\"\nprofile = \"x\"\nmeter = \"meter\"\n");
    auto const loaded = load_site(folder.write("site.toml", "include = [\"conf.d/*.toml\"]\n" + head));
    REQUIRE(lines(loaded) == strings{});
    REQUIRE(loaded.value.devices.size() == 2);
    CHECK(loaded.value.devices[1].name == "b");
    CHECK(loaded.value.devices[1].at.file == folder.path("conf.d/2.toml"));
    CHECK(loaded.value.profile_folders == strings{folder.path("conf.d/profiles")});
}

TEST_CASE("load_site: a relative journal goes to the state folder of the operator or of systemd",
          "[settings][load_site]")
{
    temporary_folder const folder;
    auto const path = folder.write("site.toml", head + meter + "[journal]\npath = \"j.db\"\n");
    auto const plain = folder.write("plain.toml", head + meter);
    CHECK(load_site(path).value.journal.path == folder.path("j.db"));
    {
        variable const systemd{"STATE_DIRECTORY", "/var/lib/kilnwatt:/var/lib/other"};
        CHECK(load_site(path).value.journal.path == "/var/lib/kilnwatt/j.db");
        variable const ours{"KILNWATT_STATE_DIR", "/srv/state"};
        CHECK(load_site(path).value.journal.path == "/srv/state/j.db");
        CHECK(load_site(plain).value.journal.path == "/srv/state/journal.db");
    }
    auto const absolute = folder.write("absolute.toml", head + meter + "[journal]\npath = \"/data/j.db\"\n");
    variable const ours{"KILNWATT_STATE_DIR", "/srv/state"};
    CHECK(load_site(absolute).value.journal.path == "/data/j.db");
}

TEST_CASE("load_site: devices and sinks are counted", "[settings][load_site]")
{
    temporary_folder const folder;
    auto const site_with = [&](int devices, int sinks) {
        auto text = head;
        for (int i = 0; i < devices; ++i)
            text += "[[device]]\nname = \"d" + std::to_string(i) + "\"\nunit = " + std::to_string(i % 256) +
                    "\nlink = \"tcp://192.0.2.7:" + std::to_string(502 + i / 256) + "\"\nprofile = \"x\"\n";
        for (int i = 0; i < sinks; ++i)
            text += "[[mqtt]]\nname = \"s" + std::to_string(i) + "\"\nroot = \"r" + std::to_string(i) +
                    "\"\nurl = \"mqtt://b\"\n";
        return load_site(folder.write("site.toml", text));
    };
    CHECK(lines(site_with(5000, 16)) == strings{});
    auto const found = lines(site_with(5001, 17));
    REQUIRE(found.size() == 2);
    CHECK(found[0].ends_with("device: is given 5001 times, but one agent reads at most 5000 devices"));
    CHECK(found[1].ends_with("mqtt: is given 17 times, but one agent publishes to at most 16 sinks"));
}
