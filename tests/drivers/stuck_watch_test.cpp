#include "drivers/stuck_watch.hpp"

#include "drivers/device.hpp"
#include "tests/drivers/meter_text.hpp"
#include "tests/drivers/register_link.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using namespace std::chrono_literals;

namespace {

stuck_rule const rule{"active_power", 500.0, 30min};

mono_time at(std::chrono::minutes m)
{
    return mono_time{m};
}

} // namespace

TEST_CASE("stuck_watch: a value that stands still is stuck only while its companion says that it must move",
          "[drivers][stuck_watch]")
{
    stuck_watch w;
    CHECK_FALSE(w.judge(rule, 0.5, 20.0, 800.0, at(0min)));
    CHECK_FALSE(w.judge(rule, 0.5, 20.0, 800.0, at(29min)));
    CHECK(w.judge(rule, 0.5, 20.4, -800.0, at(30min))); // within the resolution; the sign does not matter
    CHECK(w.judge(rule, 0.5, 20.0, 800.0, at(60min)));
    CHECK_FALSE(w.judge(rule, 0.5, 20.6, 800.0, at(61min)));
    CHECK_FALSE(w.judge(rule, 0.5, 20.6, 800.0, at(90min)));
    CHECK(w.judge(rule, 0.5, 20.6, 800.0, at(91min)));
}

TEST_CASE("stuck_watch: a machine at rest, or a companion that is not known, begins the time anew",
          "[drivers][stuck_watch]")
{
    auto const quiet = GENERATE(std::optional<double>{}, std::optional{500.0}, std::optional{0.0});
    stuck_watch w;
    CHECK_FALSE(w.judge(rule, 0.0, 20.0, 800.0, at(0min)));
    CHECK_FALSE(w.judge(rule, 0.0, 20.0, quiet, at(20min)));
    CHECK_FALSE(w.judge(rule, 0.0, 20.0, 800.0, at(30min)));
    CHECK_FALSE(w.judge(rule, 0.0, 20.0, 800.0, at(59min)));
    CHECK(w.judge(rule, 0.0, 20.0, 800.0, at(60min)));
    CHECK_FALSE(w.judge(rule, 0.0, 20.0, quiet, at(61min)));
}

namespace {

profile kiln()
{
    return meter_of(R"(points = [
  {name = "active_power", address = 0, type = "u16", unit = "W", poll = "fast"},
  {name = "vendor.zone_1", address = 1, type = "u16", unit = "degC", stuck = {while = "active_power", above = 500, after = "1 min"}},
]
)");
}

} // namespace

TEST_CASE("device: a frozen sensor is uncertain, told once, and recovers with its first change",
          "[drivers][device][stuck_watch]")
{
    register_link link;
    link.put(0, {900, 1180});
    device dut{"kiln", 1, kiln()};
    // A minute of the plant is a few milliseconds here.
    plant_clock const clock{utc_time{1'000'000s}, utc_time{1'000'000s}, 10'000};
    auto const look = [&] {
        REQUIRE(run(dut.read(link, poll_class::fast, clock)).has_value());
        return run(dut.read(link, poll_class::normal, clock)).value().cells[0].q;
    };
    CHECK(look() == quality::good);
    CHECK(dut.take_stuck().empty());
    auto looks = 0;
    while (look() == quality::good && looks < 10'000'000)
        ++looks;
    CHECK(look() == quality::stuck);
    auto const told = dut.take_stuck();
    REQUIRE(told.size() == 1);
    CHECK(told[0].point == "vendor.zone_1");
    CHECK(told[0].companion == "active_power");
    CHECK(told[0].stuck);
    link.put(1, {1182});
    CHECK(look() == quality::good);
    CHECK_FALSE(dut.take_stuck().at(0).stuck);

    link.put(0, {100}); // cold: it may stand still
    CHECK(look() == quality::good);
    CHECK(dut.take_stuck().empty());
}

TEST_CASE("profile: a stuck rule needs another point of the list", "[drivers][profile][stuck_watch]")
{
    auto const found = read_meter(R"(points = [
  {name = "voltage_l1", address = 0, type = "u16", unit = "V", stuck = {while = "current_l1"}},
  {name = "voltage_l2", address = 1, type = "u16", unit = "V", stuck = {while = "voltage_l2"}},
  {name = "voltage_l3", address = 2, type = "u16", unit = "V", stuck = {above = 5}},
]
)")
                           .found;
    CHECK(found.size() == 3); // one each
}
