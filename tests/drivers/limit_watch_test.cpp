#include "drivers/limit_watch.hpp"

#include "drivers/device.hpp"
#include "tests/drivers/meter_text.hpp"
#include "tests/drivers/register_link.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using namespace std::chrono_literals;

namespace {

mono_time at(int seconds)
{
    return mono_time{std::chrono::seconds{seconds}};
}

} // namespace

TEST_CASE("limit_watch: outside the physical range is bad, outside the engineering range uncertain",
          "[drivers][limit_watch]")
{
    point_limits const voltage{0, 345, 207, 253, {}};
    limit_watch w;
    CHECK(w.judge(voltage, 230, at(0)) == quality::good);
    CHECK(w.judge(voltage, 253, at(1)) == quality::good);
    CHECK(w.judge(voltage, 254, at(2)) == quality::engineering_range);
    CHECK(w.judge(voltage, 345.1, at(3)) == quality::out_of_range);
    CHECK(w.judge(voltage, -0.1, at(4)) == quality::out_of_range);
    CHECK(w.judge({}, 1e30, at(5)) == quality::good);
}

TEST_CASE("limit_watch: one outlier is dropped, two in a row are a real step", "[drivers][limit_watch]")
{
    point_limits const kiln{.max_rate = 2};
    limit_watch w;
    CHECK(w.judge(kiln, 1000, at(0)) == quality::good);
    CHECK(w.judge(kiln, 1010, at(10)) == quality::good);
    CHECK(w.judge(kiln, 400, at(20)) == quality::out_of_range);
    CHECK(w.judge(kiln, 1012, at(30)) == quality::good);
    CHECK(w.judge(kiln, 800, at(40)) == quality::out_of_range);
    CHECK(w.judge(kiln, 802, at(50)) == quality::good);
    CHECK(w.judge(kiln, 803, at(60)) == quality::good);
}

TEST_CASE("limit_watch: two outliers that do not agree are both dropped", "[drivers][limit_watch]")
{
    point_limits const kiln{.max_rate = 2};
    limit_watch w;
    CHECK(w.judge(kiln, 1000, at(0)) == quality::good);
    CHECK(w.judge(kiln, 400, at(10)) == quality::out_of_range);
    CHECK(w.judge(kiln, 1700, at(20)) == quality::out_of_range);
    CHECK(w.judge(kiln, 1030, at(30)) == quality::good);
}

TEST_CASE("device: a value beyond its limits has no number, or a doubtful one", "[drivers][device][limit_watch]")
{
    device d{"grid", 1, meter_of(R"(points = [
  {name = "voltage_l1", address = 0, type = "u16", scale = 0.1, unit = "V", physical = {min = 0, max = 345}, engineering = {min = 207, max = 253}},
  {name = "frequency", address = 1, type = "u16", scale = 0.01, unit = "Hz", physical = {min = 40, max = 70}},
]
)")};
    register_link link;
    link.put(0, {2600, 9999});
    plant_clock const clock;
    auto const r = run(d.read(link, poll_class::normal, clock));
    REQUIRE(r.has_value());
    CHECK(r->cells[0].q == quality::engineering_range);
    CHECK(r->cells[0].bits == 2600);
    CHECK(r->cells[1] == absent(quality::out_of_range));
}

TEST_CASE("profile: limits that are no range are mistakes", "[drivers][profile][limit_watch]")
{
    auto const found = read_meter(R"(points = [
  {name = "voltage_l1", address = 0, type = "u16", unit = "V", physical = {min = 345, max = 0}},
  {name = "voltage_l2", address = 1, type = "u16", unit = "V", engineering = {}},
  {name = "voltage_l3", address = 2, type = "u16", unit = "V", max_rate = -1},
  {name = "serial_number", address = 3, type = "text", length = 2, physical = {min = 0}},
]
)")
                           .found;
    CHECK(found.size() == 4);
}
