#include "config/table.hpp"
#include "drivers/profile.hpp"
#include "tests/drivers/meter_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

profile meter()
{
    return meter_of(R"(points = [
  {name = "active_power", address = 0, type = "i16", unit = "W", poll = "fast", exponent = "vendor.sf"},
  {name = "voltage_l1", address = 1, type = "u16", scale = 0.1, unit = "V"},
  {name = "current_l1", address = 2, type = "u16", scale = 0.01, unit = "A"},
  {name = "active_energy_import", address = 4, type = "u32", unit = "kWh"},
  {name = "power_factor", address = 6, type = "i16", scale = 0.001},
  {name = "vendor.sf", address = 7, type = "i16"},
  {name = "state", address = 8, type = "u16", states = {0 = "off", 1 = "running"}},
]
)");
}

struct changed_meter {
    profile what = meter();
    std::vector<std::string> messages;
};

changed_meter with(std::string const& text, profile what = meter())
{
    changed_meter m{std::move(what), {}};
    auto doc = config::read_text(text, "site.toml");
    read_changes(doc.root, m.what);
    for (auto const& d : *doc.found)
        m.messages.push_back(to_string(d));
    return m;
}

point const& point_of(profile const& p, std::string_view name)
{
    auto const hit = std::find_if(p.points.begin(), p.points.end(), [&](point const& q) { return q.name == name; });
    REQUIRE(hit != p.points.end());
    return *hit;
}

bool has(profile const& p, std::string_view name)
{
    return std::any_of(p.points.begin(), p.points.end(), [&](point const& q) { return q.name == name; });
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("instance: ratios of current and voltage transformers reach what they transform", "[drivers][instance]")
{
    auto p = meter();
    p.points = changed(p.points, {.current_ratio = 40, .voltage_ratio = 10});
    CHECK(point_of(p, "current_l1").scale == Approx(0.4));
    CHECK(point_of(p, "voltage_l1").scale == Approx(1.0));
    CHECK(point_of(p, "active_power").scale == Approx(400));
    CHECK(point_of(p, "active_energy_import").scale == Approx(400'000));
    CHECK(point_of(p, "power_factor").scale == Approx(0.001));
    CHECK(point_of(p, "vendor.sf").scale == Approx(1.0));
}

TEST_CASE("instance: limits grow with the ratio and turn with the sign", "[drivers][instance]")
{
    auto p = meter();
    for (auto& q : p.points)
        if (q.name == "active_power")
            q.limits = {-100.0, 5'000.0, 0.0, 4'000.0, 250.0};
    p.points = changed(p.points, {.current_ratio = 40, .points = {{.point = "active_power", .factor = -1.0}}});
    auto const& l = point_of(p, "active_power").limits;
    CHECK(l == point_limits{-200'000.0, 4'000.0, -160'000.0, 0.0, 10'000.0});
}

TEST_CASE("instance: a point is turned, scaled, renamed, read in another class, switched off or added",
          "[drivers][instance]")
{
    auto const m = with(R"(
override = [
  {point = "active_power", invert = true, poll = "normal"},
  {point = "voltage_l1", name = "voltage", factor = 2.0},
  {point = "vendor.sf", name = "vendor.scale"},
  {point = "current_l1", off = true},
]
add_points = [{name = "frequency", address = 20, type = "u16", scale = 0.01, unit = "Hz"}]
)");
    CHECK(m.messages == strings{});
    CHECK(point_of(m.what, "active_power").scale == -1.0);
    CHECK(point_of(m.what, "active_power").poll == poll_class::normal);
    CHECK(point_of(m.what, "active_power").exponent == "vendor.scale");
    CHECK(point_of(m.what, "voltage").scale == Approx(0.2));
    CHECK(point_of(m.what, "frequency").address == 20);
    CHECK(has(m.what, "vendor.scale"));
    CHECK_FALSE(has(m.what, "voltage_l1"));
    CHECK_FALSE(has(m.what, "current_l1"));
}

TEST_CASE("instance: a point that others need as exponent is kept though it is switched off", "[drivers][instance]")
{
    CHECK(has(with(R"(override = [{point = "vendor.sf", off = true}])").what, "vendor.sf"));
    auto const both = with(R"(override = [{point = "vendor.sf", off = true}, {point = "active_power", off = true}])");
    CHECK_FALSE(has(both.what, "vendor.sf"));
}

TEST_CASE("instance: each mistake has its message", "[drivers][instance]")
{
    auto const message = [](std::string const& text) { return with(text).messages; };
    CHECK(message(R"(override = [{point = "active_pwoer", invert = true}])") ==
          strings{"site.toml:1:22: override[1].point: 'active_pwoer' is no point of profile 'meter': "
                  "did you mean 'active_power'?"});
    CHECK(message(R"(override = [{point = "vendor.x", invert = true}])") ==
          strings{"site.toml:1:22: override[1].point: 'vendor.x' is no point of profile 'meter': "
                  "`kilnwatt profile show meter` lists them"});
    CHECK(message(R"(override = [{point = "state", invert = true}])") ==
          strings{"site.toml:1:40: override[1].invert: state is no number"});
    CHECK(message(R"(override = [{point = "voltage_l1", name = "current_l2"}])") ==
          strings{"site.toml:1:43: override[1].name: current_l2 is measured in 'A', and voltage_l1 comes in 'V': "
                  "choose a name with the same unit, or vendor.<lower_case>"});
    CHECK(message(R"(override = [{point = "voltage_l1", factor = 0}])") ==
          strings{"site.toml:1:45: override[1].factor: a factor of 0 makes every value 0: "
                  "off = true switches a point off"});
    CHECK(message(R"(override = [{point = "voltage_l1", poll = "fast"}, {point = "voltage_l1", off = true}])") ==
          strings{"site.toml:1:61: override[2].point: 'voltage_l1' is overridden twice: join the two"});
    CHECK(message(R"(add_points = [{name = "voltage_l1", address = 20, type = "u16", unit = "V"}])") ==
          strings{"site.toml:1:14: add_points: two points are called 'voltage_l1': "
                  "name one of them vendor.<lower_case>, or switch one off"});
}

TEST_CASE("instance: the points of a SunSpec device get their changes after discovery", "[drivers][instance]")
{
    profile sunspec;
    sunspec.id = "sunspec";
    sunspec.sunspec = true;
    auto const m = with(R"(override = [{point = "active_power", invert = true}])", sunspec);
    CHECK(m.messages == strings{});
    CHECK(m.what.points.empty());
    CHECK(changed(meter().points, m.what.changes).front().scale == -1.0);
}

TEST_CASE("instance: a point is opened for writing by the site file alone", "[drivers][instance]")
{
    auto const m = with(R"(override = [{point = "power_factor", writable = {min = -1, max = 1}}])");
    CHECK(m.messages.empty());
    CHECK(point_of(m.what, "power_factor").writable == write_bounds{-1, 1});
    CHECK_FALSE(point_of(m.what, "voltage_l1").writable);

    auto const counter = with(R"(override = [{point = "active_energy_import", writable = {min = 0, max = 1}}])");
    REQUIRE(counter.messages.size() == 1);
    CHECK_THAT(counter.messages[0], Catch::Contains("a counter is not written"));

    profile chain;
    chain.id = "sunspec";
    chain.sunspec = true;
    auto const sunspec = with(R"(override = [{point = "vendor.wmaxlimpct", writable = {min = 0, max = 100}}]
add_points = [{name = "vendor.x", address = 40000, type = "u16", writable = {min = 0, max = 1}}])",
                              chain);
    CHECK(sunspec.messages.size() == 2);

    auto const found =
        read_meter(R"(points = [{name = "vendor.x", address = 0, type = "u16", writable = {min = 0, max = 1}}]
)")
            .found;
    REQUIRE(found.size() == 1);
    CHECK_THAT(to_string(found.front()), Catch::Contains("a profile opens no point for writing"));
}
