#include "hand_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <tuple>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// PV, key load and other load by the quarter of an hour, as the golden values have them.
figures four_quarters(std::vector<double> const& pv, std::vector<double> const& key, std::vector<double> const& other)
{
    figures sums;
    for (std::size_t k = 0; k < pv.size(); ++k) {
        hand_plant p;
        auto const roof = p.add("roof", role::pv);
        auto const grid = p.add("grid", role::grid);
        auto const mill = p.add("mill", role::load);
        p.model.devices[mill].key = true;
        auto const load = key[k] + other[k];
        p.counter(roof, "active_energy", pv[k] * 1000);
        p.counter(grid, "active_energy_import", std::max(0.0, load - pv[k]) * 1000);
        p.counter(grid, "active_energy_export", std::max(0.0, pv[k] - load) * 1000);
        p.counter(mill, "active_energy_import", key[k] * 1000);
        append(sums, p.minute_figures());
    }
    return sums;
}

} // namespace

TEST_CASE("plant_figures: performance ratio and inverter efficiency (G-PV-1)", "[energy][plant_pv]")
{
    hand_plant p;
    auto const roof = p.add("pv-roof-1", role::pv);
    p.model.devices[roof].array = array_plate{500e3, 400e3};
    auto const sky = p.add("weather", role::weather);
    p.gauge(sky, "irradiance", 5.2 * 60 * 1000); // 5.2 kWh/m2
    p.gauge(roof, "active_power", 300e3);
    p.counter(roof, "active_energy", 2106e3);
    p.counter(roof, "dc_energy", 2200e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "pv.h_poa").value == Approx(5.2));
    CHECK(value_of(f, "pv.pr").value == Approx(0.8100).epsilon(1e-9));
    CHECK(value_of(f, "pv_roof_1.pr").value == Approx(0.8100).epsilon(1e-9));
    CHECK(value_of(f, "pv.eta_inv").value == Approx(95.727).epsilon(1e-5));
    CHECK(value_of(f, "pv_roof_1.eta_inv").value == Approx(95.727).epsilon(1e-5));
    CHECK(value_of(f, "pv.e").value == Approx(2106));
    CHECK(value_of(f, "pv_roof_1.p").value == Approx(300));
    CHECK(value_of(f, "pv.cf_ac").value == Approx(100 * 2106 * 60.0 / 400)); // a day's energy in one minute
    CHECK(value_of(f, "pv.cf_ac").value / 60 / 24 == Approx(21.9375));
    CHECK(value_of(f, "pv.cf_dc").value / 60 / 24 == Approx(17.5500));
    CHECK(value_of(f, "pv.p_dc").q == quality::no_data); // the role is there, the data is not
    CHECK_FALSE(has(f, "pv.self_consumption"));          // no load is known
    CHECK_FALSE(has(f, "grid.p"));
}

TEST_CASE("plant_figures: ratios of PV need light", "[energy][plant_pv]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    p.model.devices[roof].array = array_plate{500e3, 400e3};
    auto const sky = p.add("weather", role::weather);
    p.gauge(sky, "irradiance", 79); // below 80 W/m2
    p.counter(roof, "active_energy", 0.05 * 400e3 / 60);
    p.counter(roof, "dc_energy", 0.0499 * 400e3 / 60);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "pv.pr").q == quality::denominator_low);
    CHECK(value_of(f, "pv.eta_inv").q == quality::denominator_low);
}

TEST_CASE("plant_figures: self-consumption and autarky are matched in each interval (G-PV-4, G-REN-1)",
          "[energy][plant_electricity]")
{
    auto const f = four_quarters({50, 120, 200, 80}, {60, 90, 110, 100}, {40, 10, 40, 60});
    CHECK(value_of(f, "pv.self_consumption", 4 * minute).value == Approx(84.444).epsilon(1e-5));
    CHECK(value_of(f, "site.autarky", 4 * minute).value == Approx(74.510).epsilon(1e-5));
    CHECK(value_of(f, "site.re_share", 4 * minute).value == Approx(74.510).epsilon(1e-5));
}

TEST_CASE("plant_figures: a generator that runs on waste heat is a source of the load", "[energy][plant_electricity]")
{
    hand_plant p;
    auto const grid = p.add("grid", role::grid);
    auto const turbine = p.add("turbine", role::waste_heat);
    p.counter(grid, "active_energy_import", 100e3);
    p.gauge(grid, "active_power", 6000e3);
    p.counter(turbine, "active_energy", 45e3);
    p.gauge(turbine, "active_power", 2700e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "site.e_load").value == Approx(145));
    CHECK(value_of(f, "load.p").value == Approx(8700));
    CHECK(value_of(f, "whr.e").value == Approx(45));
}

TEST_CASE("plant_figures: PV used on site has its price by the loads that are metered, where all of them are",
          "[energy][plant_electricity]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    auto const grid = p.add("grid", role::grid);
    auto const mill = p.add("mill", role::load);
    p.model.all_loads_metered = true;
    tariff_day flat;
    flat.minutes.fill(tariff_period::flat);
    p.model.prices.emplace();
    p.model.prices->days = {flat};
    p.model.prices->price.fill(0.5);
    p.counter(roof, "active_energy", 100e3);
    p.counter(grid, "active_energy_import", 0);
    p.counter(grid, "active_energy_export", 10e3);
    p.counter(mill, "active_energy_import", 88e3); // the balance would say 90
    auto const f = p.minute_figures();
    CHECK(value_of(f, "pv.self_consumption").value == Approx(88));
    CHECK(value_of(f, "cost.avoided_pv").value == Approx(44));
}

TEST_CASE("plant_figures: PV serves the key equipment first (G-PVF-1)", "[energy][plant_electricity]")
{
    auto const f = four_quarters({50, 120, 200, 80}, {60, 90, 110, 100}, {40, 10, 40, 60});
    CHECK(value_of(f, "site.pv_first", 4 * minute).value == Approx(91.6667).epsilon(1e-6));
    CHECK(value_of(f, "site.e_key", 4 * minute).value == Approx(360));
    CHECK(value_of(f, "site.e_load", 4 * minute).value == Approx(510));
    CHECK(value_of(f, "site.unmetered", 4 * minute).value == Approx(150));
}

TEST_CASE("plant_figures: key equipment on a PV feeder of its own has what that feeder's meter counted",
          "[energy][plant_electricity]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    auto const mill = p.add("mill", role::load);
    auto const feeder = p.add("feeder", role::none);
    p.model.devices[mill].key = true;
    p.model.pv_first = pv_first_mode::wired;
    p.model.pv_feeder = "feeder";
    p.counter(roof, "active_energy", 120e3);
    p.counter(mill, "active_energy_import", 90e3);
    CHECK_FALSE(value_of(p.minute_figures(), "site.pv_first").known); // the feeder was not read
    p.counter(feeder, "active_energy_import", 54e3);
    CHECK(value_of(p.minute_figures(), "site.pv_first").value == Approx(60)); // PV first would say 100
    p.windows[feeder].counters[0].delta.value = 91e3;                         // never more than was used
    CHECK(value_of(p.minute_figures(), "site.pv_first").value == Approx(100));
}

TEST_CASE("plant_figures: steam that is hotter than saturation has its own heat", "[energy][plant_heat]")
{
    auto const heat_at = [](double t) {
        hand_plant p;
        auto const boiler = p.add("boiler", role::boiler);
        p.counter(boiler, "steam_mass", 4000);
        p.gauge(boiler, "pressure", 0.8e6);
        p.gauge(boiler, "feed_water_temperature", 60);
        p.gauge(boiler, "steam_temperature", t);
        return value_of(p.minute_figures(), "steam.q").value;
    };
    CHECK(heat_at(171) == Approx(10.0660).margin(0.0005)); // within the error of a thermometer: saturated
    CHECK(heat_at(250) == Approx(4 * (2950.4 - 251.81) / 1000).epsilon(1e-4)); // steam tables: 0.8 MPa, 250 degC
}

TEST_CASE("plant_figures: a day has the largest distortion, and what 95 % of its minutes did not exceed",
          "[energy][plant_electricity]")
{
    figures day;
    for (auto i = 0; i < 24 * 60; ++i) {
        hand_plant p;
        auto const meter = p.add("grid", role::grid);
        p.counter(meter, "active_energy_import", 1000);
        p.gauge(meter, "thd_voltage", i < 72 ? 6.0 : 2.0 + i % 4 * 0.5); // 5 % of the day at 6 %
        p.windows[meter].gauges.back().sum.max = i == 700 ? 9.25 : 6.0;
        append(day, p.minute_figures());
    }
    auto const of_day = [&](std::string_view name) { return value_of(day, name, 24 * hour); };
    CHECK(of_day("grid.thd_u_max").value == 9.25);
    CHECK(of_day("grid.thd_u_p95").value == Approx(3.5));
    CHECK(of_day("grid.thd_u_p95").q == quality::good);
    CHECK(of_day("grid.thd_u").value == Approx(0.05 * 6 + 0.95 * 2.75));
}

TEST_CASE("plant_figures: boiler efficiency and its gas per tonne of steam (G-BOI-1)", "[energy][plant_heat]")
{
    hand_plant p;
    auto const boiler = p.add("boiler", role::boiler);
    p.counter(boiler, "fuel_volume", 310);
    p.counter(boiler, "steam_mass", 4000);
    p.gauge(boiler, "pressure", 0.8e6);
    p.gauge(boiler, "feed_water_temperature", 60);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "boiler.eta").value == Approx(91.241).margin(0.003)); // the fit of steam is 0.09 kJ/kg
    CHECK(value_of(f, "boiler.sgc").value == Approx(77.50));
    CHECK(310 * 35.588 / 3.6 == Approx(3064.522).epsilon(1e-7));
}

TEST_CASE("plant_figures: fuel of the kiln per tonne (G-KILN-1)", "[energy][plant_heat]")
{
    hand_plant p;
    auto const gas = p.add("kiln-gas", role::fuel);
    p.add("kiln", role::kiln);
    auto const product = p.add("production", role::production);
    p.counter(gas, "fuel_volume", 35'000);
    p.counter(product, "production_mass", 480);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "kiln.sec").value == Approx(2594.958).margin(0.0005));
    CHECK(value_of(f, "tce.unit").value == Approx(88.5427).margin(0.00005));
    CHECK(value_of(f, "production.mass").value == 480);
}

TEST_CASE("plant_figures: electricity of a kiln with a meter of its own counts beside its fuel", "[energy][plant_heat]")
{
    hand_plant p;
    auto const gas = p.add("kiln-gas", role::fuel);
    auto const kiln = p.add("kiln", role::kiln);
    auto const product = p.add("production", role::production);
    p.counter(gas, "fuel_volume", 1000);
    p.counter(kiln, "active_energy_import", 100e3);
    p.counter(product, "production_mass", 10);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "kiln.sec").value == Approx((1000 * 35.588 + 100 * 3.6) / 10));
}

TEST_CASE("plant_figures: sub-meters that show more than the whole are a balance error", "[energy][plant_electricity]")
{
    auto const over = [](double metered) {
        hand_plant p;
        auto const grid = p.add("grid", role::grid);
        p.counter(grid, "active_energy_import", 100e3);
        p.counter(grid, "active_energy_export", 0);
        p.counter(p.add("mill", role::load), "active_energy_import", metered);
        return value_of(p.minute_figures(), "site.unmetered");
    };
    CHECK(over(101.9e3).q == quality::good);
    CHECK(over(103e3).q == quality::balance_error);
    CHECK(over(103e3).value == Approx(-3));
}

TEST_CASE("plant_figures: what is bought counts, less what is given away", "[energy][plant_intensity]")
{
    hand_plant p;
    auto const grid = p.add("grid", role::grid);
    p.counter(grid, "active_energy_import", 120'000e3);
    p.counter(grid, "active_energy_export", 20'000e3);
    p.counter(p.add("gas", role::fuel), "fuel_volume", 30'000);
    p.counter(p.add("boiler", role::boiler), "fuel_volume", 5'000);
    p.counter(p.add("production", role::production), "production_mass", 480);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "tce.total").value == Approx(12290.0 + 42500.5));
    CHECK(value_of(f, "tce.unit").value == Approx((12290.0 + 42500.5) / 480));
    CHECK(value_of(f, "co2.total").value == Approx(64392.0 + 75676.65));
    CHECK(value_of(f, "co2.unit").value == Approx((64392.0 + 75676.65) / 480));
}

TEST_CASE("plant_figures: an empty plant has no figures", "[energy][plant_figures]")
{
    CHECK(hand_plant{}.minute_figures().empty());
}

TEST_CASE("plant_figures: recovered heat against the flue gas (G-HEAT-4)", "[energy][plant_heat]")
{
    hand_plant p;
    auto const heat = p.add("kiln-heat", role::waste_heat);
    p.counter(heat, "thermal_energy", 420e3 / 60);
    p.gauge(heat, "flue_gas_flow", 12'000);
    p.gauge(heat, "flue_gas_temperature", 280);
    p.gauge(heat, "flue_gas_outlet_temperature", 150);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "whr.q_avail").value == Approx(1173.0 / 60));
    CHECK(value_of(f, "whr.recovery_rate").value == Approx(35.806).epsilon(2e-5));
    CHECK(value_of(f, "whr.recovery_eff").value == Approx(70.234).epsilon(1e-5));
}

TEST_CASE("plant_figures: power factor of the energies of a window (G-MET-2)", "[energy][plant_electricity]")
{
    hand_plant p;
    auto const grid = p.add("grid", role::grid);
    p.counter(grid, "active_energy_import", 8640e3);
    p.counter(grid, "active_energy_export", 0);
    p.counter(grid, "reactive_energy_import", 4180e3);
    CHECK(value_of(p.minute_figures(), "grid.pf").value == Approx(0.90019).epsilon(1e-5));
}

TEST_CASE("plant_figures: yields of a day (G-PV-1) and heat temperatures weighted by volume", "[energy][plant_pv]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    auto const weather = p.add("weather", role::weather);
    auto const heat = p.add("heat", role::waste_heat);
    auto const second = p.add("second", role::waste_heat);
    p.model.devices[roof].array = array_plate{500e3, 400e3};
    p.counter(roof, "active_energy", 2106e3);
    p.counter(roof, "dc_energy", 2200e3);
    p.gauge(weather, "irradiance", 5200.0 * 60); // 5.2 kWh/m2 in the minute
    for (auto const& [device, volume, t] : {std::tuple{heat, 3.0, 80.0}, {second, 1.0, 60.0}}) {
        p.counter(device, "volume", volume);
        p.gauge(device, "supply_temperature", t);
        p.gauge(device, "return_temperature", 40);
    }
    auto const f = p.minute_figures();
    CHECK(value_of(f, "pv.yr").value == Approx(5.2));
    CHECK(value_of(f, "pv.ya").value == Approx(4.4));
    CHECK(value_of(f, "pv.yf").value == Approx(4.212));
    CHECK(value_of(f, "pv.lc").value == Approx(0.8));
    CHECK(value_of(f, "pv.ls").value == Approx(0.188));
    CHECK(value_of(f, "heat.t_in").value == Approx(75));
    CHECK(value_of(f, "heat.dt").value == Approx(35));
}

TEST_CASE("plant_figures: PV energy used on site avoids emissions of the grid (G-CO2-2)", "[energy][plant_electricity]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    auto const grid = p.add("grid", role::grid);
    p.counter(roof, "active_energy", 500e3);
    p.counter(grid, "active_energy_import", 0);
    p.counter(grid, "active_energy_export", 50e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "co2.avoided_pv").value == Approx(241.470));
    CHECK(value_of(f, "co2.total").value == 0); // never subtracted
}

TEST_CASE("bat.eta_rt: what the battery holds more at the end counts as given, where its capacity is known",
          "[energy][plant_electricity]")
{
    auto const month = [](double capacity_kwh) {
        figures sums;
        for (int i = 0; i < 60; ++i) { // charged 500, discharged 400 kWh; from 40 to 50 % of 500 kWh
            hand_plant p;
            auto const b = p.add("battery", role::battery);
            p.model.devices[b].capacity_wh = capacity_kwh * 1000;
            p.counter(b, "charge_energy", 500e3 / 60);
            p.counter(b, "discharge_energy", 400e3 / 60);
            gauge_summary soc;
            soc.hold(40 + i / 6.0, quality::good, base, base + minute / 2);
            soc.hold(40 + (i + 1) / 6.0, quality::good, base + minute / 2, base + minute);
            p.windows[b].gauges.push_back({"state_of_charge", "%", soc});
            append(sums, p.minute_figures());
        }
        return value_of(sums, "bat.eta_rt", hour);
    };
    CHECK(month(0).value == Approx(80));
    CHECK(month(500).value == Approx(90));
    CHECK(month(500).q == quality::good);
    CHECK(month(2000).q == quality::engineering_range); // 120 %: the capacity is wrong
}
