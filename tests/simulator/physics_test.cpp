#include "simulator/boiler.hpp"
#include "simulator/motor.hpp"
#include "simulator/pv_array.hpp"
#include "simulator/sun.hpp"
#include "simulator/water.hpp"
#include "simulator/weather.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::simulator;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

utc_time at(std::chrono::year_month_day date, std::chrono::hours h)
{
    return std::chrono::time_point_cast<milliseconds>(sys_days{date} + h);
}

} // namespace

TEST_CASE("sun: the elevation at the plant is that of NOAA's short form", "[simulator][sun]")
{
    CHECK(sun_at(at(2024y / std::chrono::June / 1, 4h)).elevation() == Approx(82.253).margin(5e-4));
    CHECK(sun_at(at(2024y / std::chrono::May / 31, 18h)).elevation() == Approx(-35.152).margin(5e-4));
    CHECK(sun_at(at(2024y / std::chrono::December / 21, 9h)).elevation() == Approx(6.170).margin(5e-4));
}

TEST_CASE("sun: local time is eight hours ahead of UTC", "[simulator][sun]")
{
    CHECK(local_hour(at(2024y / std::chrono::June / 1, 4h)) == Approx(12.0));
    CHECK(local_hour(at(2024y / std::chrono::June / 1, 20h)) == Approx(4.0));
}

TEST_CASE("weather: a roof without tilt sees what falls on the level", "[simulator][weather]")
{
    auto const sun = sun_at(at(2024y / std::chrono::June / 1, 2h), site_latitude, site_longitude, 0.0);
    CHECK(sun.cos_incidence == Approx(sun.sin_elevation));
    CHECK(on_roof(700, 0.9, sun.sin_elevation, sun.cos_incidence, 0.0) == Approx(700));
    CHECK(clear_sky(-0.1) == 0.0);
    CHECK(on_roof(0, 0.9, -0.1, 0.0, roof_tilt) == 0.0);
}

TEST_CASE("water: density and enthalpy follow IAPWS-IF97 at 1.6 MPa", "[simulator][water]")
{
    CHECK(water_density(20) == Approx(998.8906).margin(0.03));
    CHECK(water_density(80) == Approx(972.4718).margin(0.03));
    CHECK(water_enthalpy(50) == Approx(210.705).margin(0.02));
    CHECK(water_enthalpy(120) == Approx(504.770).margin(0.02));
    CHECK(steam_enthalpy(0.8) == Approx(2768.30).margin(0.1));
    CHECK(steam_enthalpy(1.6) == Approx(2792.88).margin(0.1));
}

TEST_CASE("water: 12.5 m3/h from 70 to 50 degC are 287 kW", "[simulator][water]")
{
    CHECK(thermal_power(12.5, 70, 50) == Approx(286'982).epsilon(5e-4));
    CHECK(thermal_power(12.5, 50, 70) < 0);
    CHECK(thermal_power(0, 70, 50) == 0);
}

TEST_CASE("inverter: efficiency has the shape of a real one", "[simulator][pv]")
{
    auto const efficiency = [](double share) { return 1.0 - inverter_loss(share * 250e3, 250e3) / (share * 250e3); };
    CHECK(efficiency(0.05) == Approx(0.9336).margin(5e-4));
    CHECK(efficiency(0.5) == Approx(0.9835).margin(5e-4));
    CHECK(efficiency(1.0) == Approx(0.9820).margin(5e-4));
}

TEST_CASE("inverter: heat costs power, and the rating is never passed", "[simulator][pv]")
{
    array_plate const plate{.rated_w = 300e3, .inverter_w = 250e3};
    auto const cold = convert(plate, 600, 25, 20);
    auto const hot = convert(plate, 600, 60, 30);
    CHECK(cold.dc_w == Approx(300e3 * 0.6 * 0.97));
    CHECK(hot.dc_w == Approx(cold.dc_w * (1 - 0.0035 * 35)));
    CHECK(cold.state == inverter_state::running);

    auto const clipped = convert(plate, 1200, 10, 5);
    CHECK(clipped.state == inverter_state::throttled);
    CHECK(clipped.ac_w == Approx(250e3));
    CHECK(clipped.dc_w - inverter_loss(clipped.dc_w, 250e3) == Approx(clipped.ac_w));

    CHECK(convert(plate, 0, 20, 20).state == inverter_state::sleeping);
    CHECK(convert(plate, 5, 20, 20).state == inverter_state::standby);
    CHECK(convert(plate, 5, 20, 20).ac_w == 0.0);
}

TEST_CASE("motor: at its rating it has the efficiency of its class", "[simulator][motor]")
{
    motor_plate const plate{.rated_w = 110e3, .rated_rpm = 1488, .rated_efficiency = 0.970};
    auto const full = run_motor(plate, 1488, rated_torque(plate));
    CHECK(full.shaft_w == Approx(110e3));
    CHECK(full.shaft_w / full.motor_w == Approx(0.970));
    CHECK(full.input_w > full.motor_w);

    auto const known = run_motor(plate, 1488, 700);
    CHECK(known.shaft_w == Approx(109'076.1).epsilon(1e-6));

    auto const part = run_motor(plate, 1488, 0.25 * rated_torque(plate));
    CHECK(part.shaft_w / part.motor_w < 0.970);
    CHECK(run_motor(plate, 0, 0).motor_w == 0.0);
}

TEST_CASE("boiler: fuel, steam and efficiency agree", "[simulator][boiler]")
{
    boiler b{7};
    for (auto const hour : {0h, 4h, 8h}) {
        auto const& s = b.step(at(2024y / std::chrono::June / 1, hour), 20);
        REQUIRE(s.firing);
        CHECK(s.steam_kgh >= 2000);
        CHECK(s.steam_kgh <= 4000);
        CHECK(s.steam_w / (s.gas_nm3h * 35.588e6 / 3600) == Approx(s.efficiency));
        CHECK(s.efficiency > 0.89);
        CHECK(s.efficiency < 0.93);
    }
}
