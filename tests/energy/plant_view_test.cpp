#include "hand_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

TEST_CASE("plant_view: a drive behind its meter is not counted twice", "[energy][plant_view]")
{
    hand_plant p;
    auto const add = [&](std::string name, role what, bool key, std::string meter) {
        auto const i = p.add(std::move(name), what);
        p.model.devices[i].key = key;
        p.model.devices[i].meter = std::move(meter);
        p.counter(i, "active_energy_import", 1000);
    };
    add("hall", role::none, false, "");
    add("mill-meter", role::load, true, "hall");
    add("mill-drive", role::motor, true, "mill-panel"); // two levels below its meter
    add("mill-panel", role::none, false, "mill-meter");
    add("press-meter", role::load, false, "hall");
    add("press-drive", role::motor, true, "press-meter");
    add("fan", role::motor, false, "nowhere");
    plant_view const v{&p.model, {}, base};
    CHECK(v.key_devices() == std::vector<std::size_t>{1, 5});
    std::vector<device_window const*> all;
    for (auto const& w : p.windows)
        all.push_back(&w);
    CHECK(plant_view{&p.model, all, base}.metered_consumers() == std::vector<std::size_t>{1, 4, 6});
}

TEST_CASE("plant_view: a tree that turns in a circle ends", "[energy][plant_view]")
{
    hand_plant p;
    for (auto const* name : {"a", "b"}) {
        auto const i = p.add(name, role::load);
        p.model.devices[i].key = true;
    }
    p.model.devices[0].meter = "b";
    p.model.devices[1].meter = "a";
    CHECK(plant_view{&p.model, {}, base}.key_devices().empty());
}

TEST_CASE("plant_figures: sign and share apply to every contribution", "[energy][plant_view]")
{
    hand_plant p;
    auto const grid = p.add("grid", role::grid);
    p.model.devices[grid].sign = -1;
    p.model.devices[grid].share = 0.5;
    p.gauge(grid, "active_power", -10e3);
    CHECK(value_of(p.minute_figures(), "grid.p").value == Approx(5));
}
