#include "hand_plant.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/roll_up.hpp"

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

struct recovery_plant : hand_plant {
    explicit recovery_plant(double recovered_kw, double gas_flow = 12'000) : heat{add("kiln-heat", role::waste_heat)}
    {
        counter(heat, "thermal_energy", recovered_kw * 1000 / 60);
        gauge(heat, "flue_gas_flow", gas_flow);
        gauge(heat, "flue_gas_temperature", 280);
        gauge(heat, "flue_gas_outlet_temperature", 150);
    }
    std::size_t heat;
};

} // namespace

TEST_CASE("whr.recovery_rate: more heat than the flue gas had is bad, since a sensor errs", "[energy][ranges]")
{
    auto const f = recovery_plant{1200}.minute_figures(); // available 1173 kW, extracted 598 kW
    auto const rate = value_of(f, "whr.recovery_rate");
    CHECK_FALSE(rate.known);
    CHECK(rate.q == quality::out_of_range);
    auto const g = recovery_plant{1170}.minute_figures();
    CHECK(value_of(g, "whr.recovery_rate").q == quality::good);
    CHECK(value_of(g, "whr.recovery_rate").value == Approx(99.744).epsilon(1e-4));
    CHECK(value_of(g, "whr.recovery_eff").q == quality::out_of_range);
    CHECK(value_of(recovery_plant{-5}.minute_figures(), "whr.recovery_rate").q == quality::out_of_range);
}

TEST_CASE("whr.recovery_rate: needs a twentieth of the heat that the flue gas has at design", "[energy][ranges]")
{
    recovery_plant p{10, 12'000 * 0.0499};
    p.model.devices[p.heat].flue_gas_rated_w = 1173e3;
    CHECK(value_of(p.minute_figures(), "whr.recovery_rate").q == quality::denominator_low);
    recovery_plant enough{10, 12'000 * 0.0501};
    enough.model.devices[enough.heat].flue_gas_rated_w = 1173e3;
    CHECK(value_of(enough.minute_figures(), "whr.recovery_rate").known);
}

TEST_CASE("pv.pr: above 1.05 it is kept in doubt, and an inverter gives no more than it takes", "[energy][ranges]")
{
    auto const figures_of = [](double ac, double dc, double h) {
        hand_plant p;
        auto const roof = p.add("roof", role::pv);
        p.model.devices[roof].array = array_plate{500e3, 400e3};
        p.model.devices[roof].array->annual_module_temperature = 40;
        auto const sky = p.add("weather", role::weather);
        p.gauge(sky, "irradiance", h * 60 * 1000);
        p.gauge(sky, "module_temperature", 45);
        p.counter(roof, "active_energy", ac * 1000);
        p.counter(roof, "dc_energy", dc * 1000);
        return p.minute_figures();
    };
    auto const f = figures_of(2730, 2700, 5.0); // PR 1.092, at 25 degC 1.174
    CHECK(value_of(f, "pv.pr").value == Approx(1.092));
    CHECK(value_of(f, "pv.pr").q == quality::engineering_range);
    CHECK(value_of(f, "roof.pr").q == quality::engineering_range);
    CHECK(value_of(f, "pv.pr_stc").q == quality::engineering_range);
    CHECK(value_of(f, "pv.pr_annual").value == Approx(1.092 / (1 - 0.0035 * 5)));
    CHECK(value_of(f, "pv.eta_inv").value == Approx(101.111).epsilon(1e-5));
    CHECK(value_of(f, "pv.eta_inv").q == quality::engineering_range);
    CHECK(value_of(f, "pv.ls").q == quality::engineering_range);
    auto const g = figures_of(2600, 2600, 5.0);
    CHECK(value_of(g, "pv.pr").q == quality::good);
    CHECK(value_of(g, "pv.eta_inv").q == quality::good);
    CHECK(value_of(g, "pv.ls").q == quality::good);
}

TEST_CASE("boiler.eta: above 105 % is bad; below a tenth of the rated heat it has no value", "[energy][ranges]")
{
    auto const eta = [](double fuel_m3, double heat_kwh) {
        hand_plant p;
        auto const boiler = p.add("boiler", role::boiler);
        p.model.devices[boiler].boiler = boiler_plate{3000e3, "natural_gas"};
        p.counter(boiler, "fuel_volume", fuel_m3);
        p.counter(boiler, "thermal_energy", heat_kwh * 1000);
        return value_of(p.minute_figures(), "boiler.eta");
    };
    auto const heat = 3 * 35.588 / 3.6; // kWh of 3 m3
    CHECK(eta(3, heat * 1.051).q == quality::out_of_range);
    CHECK(eta(3, heat * 1.049).q == quality::good);
    CHECK(eta(0.50, 4).q == quality::denominator_low); // 297 of 3000 kW
    CHECK(eta(0.51, 4).known);
}

TEST_CASE("boiler.eta: a quarter of an hour in which the firing changes by over 20 % a minute says nothing",
          "[energy][ranges]")
{
    auto const minute_at = [](double load) {
        hand_plant p;
        auto const boiler = p.add("boiler", role::boiler);
        p.model.devices[boiler].boiler = boiler_plate{3000e3, "natural_gas"};
        p.counter(boiler, "fuel_volume", load * 3000 / 60 / 35.588 * 3.6);
        p.counter(boiler, "thermal_energy", load * 3000e3 / 60 * 0.9);
        return p.minute_figures();
    };
    auto const quarter_of = [&](double from, double to) {
        figures sums;
        for (int i = 0; i < 15; ++i)
            append(sums, minute_at(i < 7 ? from : to));
        return sums;
    };
    auto const slow = quarter_of(0.5, 0.69);
    CHECK(value_of(slow, "boiler.eta", quarter).value == Approx(90));
    auto const fast = quarter_of(0.5, 0.71);
    CHECK_FALSE(value_of(fast, "boiler.eta", quarter).known);
    CHECK(value_of(fast, "boiler.eta", quarter).q == quality::coverage_too_low);

    figures sums; // an hour is made of the other quarters
    append_quarter(sums, quarter_of(0.5, 0.5), base, base);
    append_quarter(sums, fast, base + quarter, base);
    append_quarter(sums, quarter_of(0.9, 0.9), base + 2 * quarter, base); // steps between quarters are none
    append_quarter(sums, slow, base + 3 * quarter, base);
    auto const v = value_of(sums, "boiler.eta", hour);
    CHECK(v.coverage == 0.75);
    CHECK(v.q == quality::low_coverage);
    CHECK(v.value == Approx(90));
}

TEST_CASE("motor.lf: of a motor without torque from its input and the efficiency of its class", "[energy][ranges]")
{
    CHECK(nominal_efficiency(110e3, "IE5") == Approx(0.970));
    CHECK(nominal_efficiency(110e3, "IE1") == Approx(0.933));
    CHECK(nominal_efficiency(100e3, "IE3") > 0.952);
    CHECK(nominal_efficiency(100e3, "IE3") < 0.954);
    CHECK(nominal_efficiency(500e3, "IE4") == Approx(0.967));
    CHECK(nominal_efficiency(500, "IE1") == Approx(0.721));
    CHECK(nominal_efficiency(110e3, "") == 0);

    auto const figures_at = [](double kw, std::string efficiency_class) {
        hand_plant p;
        auto const fan = p.add("fan", role::motor);
        p.model.devices[fan].motor = motor_plate{110e3, 1485, std::move(efficiency_class)};
        p.gauge(fan, "active_power", kw * 1000);
        return p.minute_figures();
    };
    auto const f = figures_at(90, "IE3");
    CHECK(value_of(f, "fan.lf").value == Approx(90 * 95.4 / 110));
    CHECK(value_of(f, "fan.lf").how == method::model);
    CHECK(value_of(f, "fan.lf").q == quality::good);
    CHECK_FALSE(has(f, "fan.p_shaft")); // what is not measured is absent
    CHECK_FALSE(has(f, "fan.eta"));
    CHECK_FALSE(has(figures_at(90, ""), "fan.lf"));
    CHECK(value_of(figures_at(174, "IE3"), "fan.lf").q == quality::engineering_range); // 150.9 %
    CHECK(value_of(figures_at(149, "IE3"), "fan.p_in").q == quality::good);            // most 149.9 kW
    CHECK(value_of(figures_at(151, "IE3"), "fan.p_in").q == quality::engineering_range);
}

TEST_CASE("motor.eta: a shaft gives no more than its motor takes", "[energy][ranges]")
{
    hand_plant p;
    auto const press = p.add("press", role::motor);
    p.model.devices[press].motor = motor_plate{110e3, 1488, "IE5"};
    p.gauge(press, "shaft_power", 105e3);
    p.gauge(press, "output_power", 100e3);
    p.gauge(press, "active_power", 99e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "press.eta").q == quality::engineering_range);
    CHECK(value_of(f, "press.eta").value == Approx(105));
    CHECK(value_of(f, "drive.eta").q == quality::engineering_range);
    CHECK(value_of(f, "press.lf").q == quality::good);
}

TEST_CASE("drive.eta: needs a twentieth of the rated power", "[energy][ranges]")
{
    auto const eta = [](double kw) {
        hand_plant p;
        auto const drive = p.add("drive", role::motor);
        p.model.devices[drive].motor = motor_plate{100e3, 1485};
        p.gauge(drive, "active_power", kw * 1000);
        p.gauge(drive, "output_power", kw * 950);
        return value_of(p.minute_figures(), "drive.eta");
    };
    CHECK(eta(4.99).q == quality::denominator_low);
    CHECK(eta(5.01).value == Approx(95));
}

TEST_CASE("mach.sec: needs a hundredth of the rated flow, of every machine its own", "[energy][ranges]")
{
    auto const sec = [](double m3) {
        hand_plant p;
        auto const pump = p.add("pump", role::load);
        p.model.devices[pump].rated_flow = 600;
        p.counter(pump, "active_energy_import", 500);
        p.counter(pump, "volume", m3);
        return value_of(p.minute_figures(), "pump.sec");
    };
    CHECK(sec(0.0999).q == quality::denominator_low); // 6 m3/h are 0.1 m3 a minute
    CHECK(sec(0.1001).known);
}

TEST_CASE("mach.sec_mass: of a mill that counts what it grinds", "[energy][ranges]")
{
    hand_plant p;
    auto const mill = p.add("mill", role::load);
    p.model.devices[mill].rated_mass_flow = 6;
    p.counter(mill, "active_energy_import", 48e3);
    p.counter(mill, "mass", 1600);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "mill.sec_mass").value == Approx(30));
    CHECK(value_of(f, "mach.sec_mass").value == Approx(30));
    CHECK_FALSE(has(f, "mach.sec"));
}

TEST_CASE("tce.unit: needs a hundredth of the rated output, of a month as of a day", "[energy][ranges]")
{
    hand_plant p;
    p.counter(p.add("grid", role::grid), "active_energy_import", 1000e3);
    auto const line = p.add("line", role::production);
    p.model.devices[line].rated_mass_flow = 10; // t/h
    p.counter(line, "production_mass", 2.5);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "tce.unit", minute).known);
    figure unit;
    for (auto const& x : f)
        if (x.name == "tce.unit")
            unit = x;
    for (auto const& [length, least] : {std::pair{24 * hour, 2.4}, {30 * 24 * hour, 72.0}}) {
        unit.covered = {length};
        unit.denominator = least * 0.999;
        CHECK(finish(unit, length).q == quality::denominator_low);
        unit.denominator = least * 1.001;
        CHECK(finish(unit, length).known);
    }
}

TEST_CASE("heat.q: below 3 K or the meter's smallest flow it is kept in doubt, and a meter that stands is not",
          "[energy][ranges]")
{
    auto const quality_at = [](double supply, double m3_per_h) {
        hand_plant p;
        auto const meter = p.add("kiln-heat", role::waste_heat);
        p.model.devices[meter].minimum_flow = 0.3;
        p.counter(meter, "thermal_energy", m3_per_h == 0 ? 0 : 1000);
        p.counter(meter, "volume", m3_per_h / 60);
        p.gauge(meter, "thermal_power", m3_per_h == 0 ? 0 : 60e3);
        p.gauge(meter, "supply_temperature", supply);
        p.gauge(meter, "return_temperature", 60);
        auto const f = p.minute_figures();
        CHECK(value_of(f, "kiln_heat.q").known);
        CHECK(value_of(f, "heat.p").q == value_of(f, "heat.q").q);
        CHECK(value_of(f, "whr.q_rec").q == value_of(f, "kiln_heat.q").q);
        return value_of(f, "heat.q").q;
    };
    CHECK(quality_at(63.1, 12) == quality::good);
    CHECK(quality_at(62.9, 12) == quality::below_minimum);
    CHECK(quality_at(80, 0.29) == quality::below_minimum);
    CHECK(quality_at(80, 0.31) == quality::good);
    CHECK(quality_at(60, 0) == quality::good);
}

TEST_CASE("figure: its range and its steps come back after a restart", "[energy][ranges]")
{
    auto const f = recovery_plant{1200}.minute_figures();
    byte_writer w;
    save(w, f);
    auto const bytes = w.take();
    byte_reader r{bytes};
    figures again;
    load(r, again);
    REQUIRE(r.ok());
    CHECK(value_of(again, "whr.recovery_rate").q == quality::out_of_range);
}

TEST_CASE("pv.pr: a minute with a pyranometer in doubt counts for neither side", "[energy][ranges]")
{
    auto const minute_at = [](double g, quality q) {
        hand_plant p;
        auto const roof = p.add("roof", role::pv);
        p.model.devices[roof].array = array_plate{500e3, 400e3};
        auto const sky = p.add("weather", role::weather);
        p.gauge(sky, "irradiance", g);
        auto& sum = p.windows[sky].gauges.back().sum;
        sum.worst = q;
        sum.dubious = q == quality::good ? 0 : minute;
        p.counter(roof, "active_energy", 200e3 / 60);
        return p.minute_figures();
    };
    figures sums;
    for (int i = 0; i < 14; ++i)
        append(sums, minute_at(500, quality::good));
    append(sums, minute_at(1400, quality::stuck));
    auto const v = value_of(sums, "pv.pr", quarter);
    CHECK(v.value == Approx(0.8));
    CHECK(v.coverage == Approx(14.0 / 15));
    CHECK(value_of(sums, "pv.h_poa", quarter).coverage == 1); // the insolation itself is kept, in doubt
}

TEST_CASE("trf.loss_z: with the no-load current and the short-circuit voltage of its plate (G-TRF-1)",
          "[energy][ranges]")
{
    hand_plant p;
    auto const t = p.add("transformer", role::transformer);
    p.model.devices[t].transformer = transformer_plate{1000e3, 830, 10'300};
    p.gauge(t, "apparent_power", 620e3);
    CHECK_FALSE(has(p.minute_figures(), "trf.loss_z"));
    p.model.devices[t].transformer = transformer_plate{1000e3, 830, 10'300, 0.0025, 0.045};
    CHECK(value_of(p.minute_figures(), "trf.loss_z").value == Approx(5.5812).epsilon(1e-5));
}
