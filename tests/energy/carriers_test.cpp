#include "hand_plant.hpp"

#include "agent/energy/carriers.hpp"
#include "core/energy_carrier.hpp"

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// The plant of G-TCE-1: electricity, gas, heat and water, 480 t of product.
hand_plant golden_plant()
{
    hand_plant p;
    p.counter(p.add("grid", role::grid), "active_energy_import", 120'000e3);
    p.counter(p.add("gas", role::fuel), "fuel_volume", 35'000);
    auto const heat = p.add("steam-works", role::fuel);
    p.model.devices[heat].carrier = "heat";
    p.counter(heat, "thermal_energy", 500 / 3.6e-6);
    auto const water = p.add("water", role::fuel);
    p.model.devices[water].carrier = "fresh_water";
    p.counter(water, "volume", 2000);
    p.counter(p.add("product", role::production), "production_mass", 480);
    return p;
}

} // namespace

TEST_CASE("tce.total: every metered carrier counts, live (G-TCE-1)", "[energy][carriers]")
{
    auto const f = golden_plant().minute_figures();
    CHECK(value_of(f, "tce.total").value == Approx(74822.70).epsilon(1e-9));
    CHECK(value_of(f, "tce.unit").value == Approx(155.8806).epsilon(1e-6));
    CHECK(value_of(f, "tce.electricity").value == Approx(14748.00));
    CHECK(value_of(f, "tce.gas").value == Approx(42500.50));
    CHECK(value_of(f, "tce.heat").value == Approx(17060.00));
    CHECK(value_of(f, "tce.fresh_water").value == Approx(514.20));
    CHECK_FALSE(has(f, "tce.diesel"));
}

TEST_CASE("tce.unit: product that is counted in m2 or pieces has figures of its own, and none a tonne",
          "[energy][carriers]")
{
    hand_plant p;
    p.counter(p.add("grid", role::grid), "active_energy_import", 1000e3);
    p.counter(p.add("tiles", role::production), "production_area", 50);
    p.counter(p.add("basins", role::production), "production_count", 20);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "tce.per_m2").value == Approx(122.9 / 50));
    CHECK(value_of(f, "tce.per_piece").value == Approx(122.9 / 20));
    CHECK(value_of(f, "co2.per_piece").value == Approx(536.6 / 20));
    CHECK(value_of(f, "production.area").value == 50);
    CHECK(value_of(f, "production.count").value == 20);
    CHECK_FALSE(has(f, "tce.unit"));
    CHECK_FALSE(has(f, "production.mass"));
}

TEST_CASE("tce.unit: a line that was not heard of yet leaves it without a value", "[energy][carriers]")
{
    hand_plant p;
    p.counter(p.add("grid", role::grid), "active_energy_import", 1000e3);
    p.add("line", role::production);
    CHECK_FALSE(value_of(p.minute_figures(), "tce.unit").known);
    CHECK_FALSE(has(p.minute_figures(), "tce.per_m2"));
    p.model.devices.back().product = "production_area";
    CHECK_FALSE(value_of(p.minute_figures(), "tce.per_m2").known);
    CHECK_FALSE(has(p.minute_figures(), "tce.unit"));
}

TEST_CASE("co2.total: every metered carrier counts, live (G-CO2-1)", "[energy][carriers]")
{
    auto const f = golden_plant().minute_figures();
    CHECK(value_of(f, "co2.total").value == Approx(195068.65).epsilon(1e-9));
    CHECK(value_of(f, "co2.unit").value == Approx(406.3930).epsilon(1e-6));
}

TEST_CASE("tce.total: a carrier's missing meter leaves the sum without a value", "[energy][carriers]")
{
    auto p = golden_plant();
    p.windows[2].counters.clear();
    CHECK_FALSE(value_of(p.minute_figures(), "tce.total").known);
    CHECK(value_of(p.minute_figures(), "tce.gas").known);
}

TEST_CASE("tce.total: a boiler below a fuel meter is not counted twice", "[energy][carriers]")
{
    hand_plant p;
    p.counter(p.add("gas", role::fuel), "fuel_volume", 100);
    auto const boiler = p.add("boiler", role::boiler);
    p.counter(boiler, "fuel_volume", 60);
    CHECK(value_of(p.minute_figures(), "tce.gas").value == Approx(160 * 1.2143));
    p.model.devices[boiler].meter = "gas";
    CHECK(value_of(p.minute_figures(), "tce.gas").value == Approx(100 * 1.2143));
}

TEST_CASE("boiler.eta: by the fuel of its plate, from a tenth of its rating on (G-BOI-1)", "[energy][carriers]")
{
    hand_plant p;
    auto const gas = p.add("boiler", role::boiler);
    p.model.devices[gas].boiler = boiler_plate{3.0e6, "natural_gas"};
    p.counter(gas, "fuel_volume", 310);
    p.counter(gas, "thermal_energy", 2796.10e3);
    CHECK(value_of(p.minute_figures(), "boiler.eta").value == Approx(91.241).epsilon(1e-5));
    p.model.devices[gas].boiler->rated_w = 1.9e9;
    CHECK(value_of(p.minute_figures(), "boiler.eta").q == quality::denominator_low);
    hand_plant d;
    auto const oil = d.add("boiler", role::boiler);
    d.model.devices[oil].boiler = boiler_plate{0, "diesel"};
    d.counter(oil, "fuel_mass", 100);
    d.counter(oil, "thermal_energy", 1000e3);
    CHECK(value_of(d.minute_figures(), "boiler.eta").value == Approx(100 * 1000 * 3.6 / (100 * 1.4571 * 29.3076)));
    CHECK(value_of(d.minute_figures(), "tce.diesel").value == Approx(145.71));
}

TEST_CASE("tce.total: PV made on site counts when the site says so", "[energy][carriers]")
{
    auto p = golden_plant();
    p.counter(p.add("roof", role::pv), "active_energy", 10'000e3);
    CHECK(value_of(p.minute_figures(), "tce.total").value == Approx(74822.70));
    p.model.count_onsite_pv = true;
    CHECK(value_of(p.minute_figures(), "tce.total").value == Approx(74822.70 + 1229));
    CHECK(value_of(p.minute_figures(), "tce.onsite_pv").value == Approx(1229));
}

TEST_CASE("carrier_named: the site's coefficients go before the usual ones", "[energy][carriers]")
{
    plant_model m;
    CHECK(carrier_named(m, "natural_gas")->mj == 35.588);
    CHECK(carrier_named(m, "lpg")->co2_kg == 3.1013);
    CHECK(carrier_named(m, "lpg")->mj == Approx(50.242).epsilon(1e-4));
    m.bought = {{"lpg", "kg", 1.70, 49.8, 3.0, "laboratory", "laboratory"}};
    CHECK(carrier_named(m, "lpg")->kgce == 1.70);
    CHECK_FALSE(carrier_named(m, "wood"));
    for (auto const& c : energy_carriers())
        CHECK(carrier_named(m, c.name));
}
