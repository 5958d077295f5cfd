#include "drivers/profile.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using std::chrono_literals::operator""ms;

namespace {

struct reading {
    profile what;
    config::defects defects;
};

reading read(std::string const& text)
{
    auto doc = config::read_text(text, "acme_pm3000.toml");
    auto p = read_profile(doc);
    return {std::move(p), *doc.found};
}

std::string const head = R"(schema = 1
id     = "acme_pm3000"
kind   = "power_meter"
source = "ACME PM3000 Modbus manual, rev. 2.1"
)";

/// The one defect of a profile with this single point, as the user sees it.
std::string complaint(std::string const& point)
{
    auto const r = read(head + "points = [\n" + point + "\n]\n");
    if (r.defects.size() != 1)
        return std::to_string(r.defects.size()) + " defects" +
               (r.defects.empty() ? "" : ": " + to_string(r.defects[0]));
    return r.defects.front().message + " | " + r.defects.front().remedy;
}

} // namespace

TEST_CASE("profile: everything a file can say is read", "[drivers][profile]")
{
    auto const r = read(head + R"(
models    = ["PM3000", "PM3010"]
unit      = 3
may_sleep = true
caveats   = ["L3 reads 0xFFFF at night."]
limits    = {registers_per_request = 100, gap = 4}
link.baud   = 19200
link.parity = "even"
link.stop   = 2
link.connect_delay    = "1 s"
link.response_timeout = "500 ms"
link.request_gap      = "20 ms"
link.lenient_transaction_id = true
points    = [
  {name = "active_power", table = "input", address = 0x0034, type = "i32", order = "cdab", scale = 0.1,)"
                               R"( unit = "kW", poll = "fast", ref = "40053", invert = true},
  {name = "active_energy_import", address = 72, type = "u64", unit = "kWh", scale = 0.01, sentinels = [-1]},
  {name = "state", address = 1, type = "u16", mask = 0x0F00, states = {0 = "off", 0x2 = "running"}},
  {name = "serial_number", address = 200, type = "text", length = 10},
  {name = "vendor.limit", table = "coil", address = 5},
  {name = "ambient_temperature", address = 9, type = "i16", unit = "C", scale = 0.5, offset = -40,)"
                               R"( exponent = "-vendor.decimals"},
  {name = "vendor.decimals", address = 10, type = "u16"},
]
)");
    for (auto const& d : r.defects)
        UNSCOPED_INFO(to_string(d));
    REQUIRE(r.defects.empty());
    auto const& p = r.what;
    CHECK(p.id == "acme_pm3000");
    CHECK(p.kind == "power_meter");
    CHECK(p.models == std::vector<std::string>{"PM3000", "PM3010"});
    CHECK(p.unit == 3);
    CHECK(p.may_sleep);
    CHECK(p.caveats.size() == 1);
    CHECK(p.serial == serial_format{19200, 'E', 8, 2});
    CHECK(p.timing.connect_delay == 1000ms);
    CHECK(p.timing.response_timeout == 500ms);
    CHECK(p.timing.request_gap == 20ms);
    CHECK(p.timing.lenient_transaction_id);
    CHECK(p.limits.registers_per_request == 100);
    CHECK(p.limits.gap == 4);
    REQUIRE(p.points.size() == 7);

    auto const& power = p.points[0];
    CHECK(power.table == modbus::table::input_registers);
    CHECK(power.address == 0x34);
    CHECK(power.registers == 2);
    CHECK(power.order == byte_order::cdab);
    CHECK(power.scale == -100.0);
    CHECK(power.unit == "W");
    CHECK(power.poll == poll_class::fast);
    CHECK(power.ref == "40053");
    CHECK_FALSE(power.counter);

    auto const& energy = p.points[1];
    CHECK(energy.scale == 10.0);
    CHECK(energy.counter);
    CHECK(energy.poll == poll_class::counters);
    CHECK(energy.sentinels == std::vector{~std::uint64_t{0}});

    auto const& state = p.points[2];
    CHECK(state.mask == 0x0F00);
    CHECK(state.states == std::vector<std::pair<std::int64_t, std::string>>{{0, "off"}, {2, "running"}});
    CHECK(p.points[3].registers == 10);
    CHECK(p.points[3].poll == poll_class::slow);
    CHECK(p.points[4].table == modbus::table::coils);
    CHECK(p.points[4].type == point_type::bit);
    CHECK(p.points[5].exponent == "vendor.decimals");
    CHECK(p.points[5].offset == -40.0);
    CHECK(p.points[6].negated);
}

TEST_CASE("profile: what a maker writes for 'not available' is said once for each type", "[drivers][profile]")
{
    auto const r = read(head + R"(
sentinels = {u16 = 0xFFFF, i32 = [0x7FFFFFFF, -1]}
points    = [
  {name = "vendor.a", address = 1, type = "u16"},
  {name = "vendor.b", address = 2, type = "i32"},
  {name = "vendor.c", address = 4, type = "u32"},
  {name = "vendor.d", address = 6, type = "u16", sentinels = [0xFFFE]},
]
)");
    REQUIRE(r.defects.empty());
    CHECK(r.what.points[0].sentinels == std::vector<std::uint64_t>{0xFFFF});
    CHECK(r.what.points[1].sentinels == std::vector<std::uint64_t>{0x7FFFFFFF, 0xFFFFFFFF});
    CHECK(r.what.points[2].sentinels.empty());
    CHECK(r.what.points[3].sentinels == std::vector<std::uint64_t>{0xFFFE});
}

TEST_CASE("profile: a mistake in a point is a defect with its remedy", "[drivers][profile]")
{
    std::vector<std::pair<std::string, std::string>> const mistakes{
        {R"({name = "activ_power", address = 1, type = "u16"})",
         "'activ_power' is no point name | did you mean 'active_power'"},
        {R"({name = "vendor.Power", address = 1, type = "u16"})", "'vendor.Power' is no point name"},
        {R"({name = "active_power", address = 1, type = "u16", unit = "V"})",
         "'V' does not fit active_power | use a unit that converts to 'W'"},
        {R"({name = "active_power", address = 1, type = "u16", unit = "kw"})",
         "'kw' is no unit we know | active_power is measured in W"},
        {R"({name = "active_power", address = 1, type = "u16"})",
         "is missing | the unit of the manual, one that converts to W"},
        {R"({name = "active_power", address = 1, type = "u16", unit = "W", counter = true})",
         "active_power is no counter"},
        {R"({name = "vendor.x", address = 65535, type = "u32"})", "2 registers from 65535 go beyond address 65535"},
        {R"({name = "vendor.x", address = 1, type = "u16", scale = 0})", "a scale of 0"},
        {R"({name = "vendor.x", address = 1, type = "u16", map = {a = 3}})", "'a' is no number"},
        {R"({name = "vendor.x", address = 1, type = "f32", map = {1 = 3}})", "only a whole number has a map"},
        {R"({name = "vendor.x", address = 1, type = "u16", map = {}})", "is empty"},
        {R"({name = "vendor.x", address = 1, type = "datetime_3", length = 3})", "only a string has a length"},
        {R"({name = "vendor.x", address = 1, type = "u16", mask = 0x10105})", "0x10105 has bits that a u16 lacks"},
        {R"({name = "vendor.x", address = 1, type = "f32", mask = 1})", "only u8, u16, u32 and u64 have a mask"},
        {R"({name = "vendor.x", address = 1, type = "u16", sentinels = [65536]})", "0x10000 does not fit into 16 bits"},
        {R"({name = "vendor.x", address = 1, type = "bit"})", "a register has no type bit | use u16 with a mask"},
        {R"({name = "vendor.x", address = 1, table = "coil", type = "u16"})", "a coil or discrete input is one bit"},
        {R"({name = "vendor.x", address = 1, type = "u16", length = 2})", "only a string has a length"},
        {R"({name = "vendor.x", address = 1, type = "text"})", "is missing | the number of registers"},
        {R"({name = "serial_number", address = 1, type = "u16"})", "serial_number is a text"},
        {R"({name = "vendor.x", address = 1, type = "u16", states = {on = "on"}})", "'on' is no number"},
        {R"({name = "vendor.x", address = 1, type = "u16", exponent = "vendor.y"})", "there is no point 'vendor.y'"},
        {"{name = \"vendor.x\", address = 1, type = \"u16\", exponent = \"vendor.y\"},\n"
         "{name = \"vendor.y\", table = \"input\", address = 2, type = \"i16\"}",
         "'vendor.y' cannot be an exponent"},
        {"{name = \"vendor.x\", address = 1, type = \"u16\"},\n{name = \"vendor.x\", address = 2, type = \"u16\"}",
         "'vendor.x' is given twice | the first one is in line 6"},
        {R"({name = "vendor.x", address = 1, type = "u16", sclae = 2})", "is not a known key"},
    };
    for (auto const& [point, expected] : mistakes) {
        INFO(point);
        CHECK_THAT(complaint(point), Catch::Contains(expected));
    }
}

TEST_CASE("profile: its head is checked as well", "[drivers][profile]")
{
    std::string const point = "points = [{name = \"vendor.x\", address = 1, type = \"u16\"}]\n";
    auto const only_defect = [](std::string const& text) {
        auto const r = read(text);
        return r.defects.size() == 1 ? to_string(r.defects.front()) : std::to_string(r.defects.size()) + " defects";
    };
    CHECK(only_defect(head + point) == "0 defects");
    CHECK_THAT(only_defect("schema = 2\n" + head.substr(11) + point), Catch::Contains("schema"));
    CHECK_THAT(only_defect("schema = 1\nid = \"other\"\nkind = \"x\"\nsource = \"y\"\n" + point),
               Catch::Contains("'other' is not the name of the file"));
    CHECK_THAT(only_defect(head), Catch::Contains("there are none"));
    CHECK_THAT(only_defect(head + "sunspec = true\n" + point), Catch::Contains("brings its own points"));
    CHECK_THAT(only_defect(head + "limits = {registers_per_request = 1}\n"
                                  "points = [{name = \"vendor.x\", address = 1, type = \"u32\"}]\n"),
               Catch::Contains("needs 2 registers in one request"));
    CHECK_THAT(only_defect(head + "link = {parity = \"odd-ish\"}\n" + point), Catch::Contains("link.parity"));
    CHECK_THAT(only_defect("schema = = 1"), Catch::Contains("acme_pm3000.toml:1"));
}

TEST_CASE("profile_library: the first folder that has the id wins", "[drivers][profile]")
{
    namespace fs = std::filesystem;
    auto const root = fs::temp_directory_path() / ("kilnwatt-profiles-" + std::to_string(std::random_device{}()));
    fs::create_directories(root / "own");
    fs::create_directories(root / "shipped");
    for (auto const* name : {"own/b.toml", "shipped/a.toml", "shipped/b.toml", "shipped/README.md"})
        std::ofstream{root / name} << "schema = 1\n";
    profile_library const library{{(root / "own").string(), (root / "absent").string(), (root / "shipped").string()}};
    CHECK(library.ids() == std::vector<std::string>{"a", "b"});
    CHECK(library.path_of("b") == (root / "own/b.toml").string());
    CHECK(library.path_of("a") == (root / "shipped/a.toml").string());
    CHECK(library.path_of("c").empty());
    CHECK(library.path_of("../shipped/a").empty());
    fs::remove_all(root);
}
