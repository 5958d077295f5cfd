#include "hand_plant.hpp"

#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/transformer_metrics.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

TEST_CASE("plant_figures: efficiency and load of a motor (G-MOT-1)", "[energy][plant_machines]")
{
    hand_plant p;
    auto const press = p.add("press-drive", role::motor);
    p.model.devices[press].motor = motor_plate{110e3, 1488, "IE5"};
    p.gauge(press, "shaft_power", shaft_power(700, 1488));
    p.gauge(press, "output_power", 115.9e3);
    auto const idle = p.add("mill-drive", role::motor);
    p.model.devices[idle].motor = motor_plate{132e3, 1488, "IE3"};
    p.gauge(idle, "shaft_power", 5e3); // too little for an efficiency
    p.gauge(idle, "output_power", 9e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "press_drive.p_shaft").value == Approx(109.0761).epsilon(1e-6));
    CHECK(value_of(f, "press_drive.eta").value == Approx(94.112).epsilon(1e-5));
    CHECK(value_of(f, "press_drive.lf").value == Approx(99.160).epsilon(1e-5));
    CHECK(value_of(f, "mill_drive.eta").q == quality::denominator_low);
    CHECK(value_of(f, "motor.eta").value == Approx(94.112).epsilon(1e-5));
    CHECK(value_of(f, "motor.p_in").value == Approx(124.9));
    CHECK(value_of(f, "motor.lf").value == Approx(100 * 114.0761 / 242).epsilon(1e-6));
}

TEST_CASE("plant_figures: loss and efficiency of a transformer (G-TRF-1)", "[energy][plant_machines]")
{
    transformer_plate const plate{1000e3, 830, 10'300};
    CHECK(transformer_loss(plate, 620e3) / 1000 == Approx(4.78932).epsilon(1e-8));
    hand_plant p;
    auto const t = p.add("transformer", role::transformer);
    p.model.devices[t].transformer = plate;
    p.gauge(t, "apparent_power", 620e3);
    p.gauge(t, "active_power", 558e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "trf.beta").value == Approx(62.0));
    CHECK(value_of(f, "trf.loss").value == Approx(4.78932).epsilon(1e-8));
    CHECK(value_of(f, "trf.eta").value == Approx(99.1490).epsilon(1e-6));
    CHECK(value_of(f, "trf.loss").how == method::model);
}

TEST_CASE("plant_figures: a compressor's energy per volume (G-MOT-5)", "[energy][plant_machines]")
{
    hand_plant p;
    auto const c = p.add("compressor", role::load);
    p.counter(c, "active_energy_import", 1980e3);
    p.counter(c, "volume", 3300);
    p.counter(p.add("mill", role::load), "active_energy_import", 500e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "mach.sec").value == Approx(0.6));
    CHECK(value_of(f, "compressor.sec").value == Approx(0.6));
    CHECK(has(f, "mill.e"));
    CHECK_FALSE(has(f, "mill.sec"));
}

TEST_CASE("plant_figures: loss and efficiency of a drive (G-MOT-4)", "[energy][plant_machines]")
{
    hand_plant p;
    auto const drive = p.add("drive", role::motor);
    p.model.devices[drive].motor = motor_plate{110e3, 1485};
    p.gauge(drive, "active_power", 84.0e3);
    p.gauge(drive, "output_power", 81.9e3);
    auto const f = p.minute_figures();
    CHECK(value_of(f, "drive.eta").value == Approx(97.500));
    CHECK(value_of(f, "drive.loss").value == Approx(2.10));
}
