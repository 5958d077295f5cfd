#include "agent/energy/counter_step.hpp"
#include "agent/energy/demand.hpp"
#include "agent/energy/electrical_metrics.hpp"
#include "agent/energy/flue_gas.hpp"
#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/pv_metrics.hpp"
#include "agent/energy/sun.hpp"
#include "agent/energy/transformer_metrics.hpp"
#include "agent/energy/water.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

using namespace kilnwatt::energy;

namespace {

/// `v` rounded to the digits that a printed value has, as text.
std::string printed(double v, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, v);
    return text;
}

} // namespace

TEST_CASE("water: true energy of EN 1434-1, Wh in 0.1 m3", "[energy][water]")
{
    struct line {
        double in, out;
        char const* inlet;
        char const* outlet;
    };
    for (auto const& l :
         {line{42, 40, "230.11", "230.29"}, line{43, 40, "345.02", "345.43"}, line{53, 50, "343.62", "344.11"},
          line{50, 40, "1146.70", "1151.55"}, line{70, 50, "2272.03", "2295.86"}, line{80, 60, "2261.08", "2287.57"},
          line{160, 40, "12793.12", "13988.44"}, line{160, 20, "14900.00", "16390.83"}}) {
        CHECK(printed(1000 * carried_heat(0.1, l.in, l.out, l.in), 2) == l.inlet);
        CHECK(printed(1000 * carried_heat(0.1, l.in, l.out, l.out), 2) == l.outlet);
    }
}

TEST_CASE("water: heat of 10 m3 and of a flow (G-HEAT-1, G-HEAT-2)", "[energy][water]")
{
    CHECK(printed(carried_heat(10, 80, 60, 80), 3) == "226.108");
    CHECK(printed(carried_heat(10, 80, 60, 80) / 200, 6) == "1.130542");
    CHECK(printed(carried_heat(10, 80, 60, 60), 3) == "228.757");
    CHECK(printed(carried_heat(10, 80, 60, 60) / 200, 6) == "1.143785");
    CHECK(printed(carried_heat(12.5, 70, 50, 50), 3) == "286.982");
    CHECK(printed(carried_heat(12.5, 70, 50, 50) * 0.0036, 6) == "1.033135");
    CHECK(printed(water_density(20, 1.6), 4) == "998.8906");
    CHECK(std::isnan(water_density(-1, 1.6)));
}

TEST_CASE("flue_gas: normal flow, recovered heat and displaced fuel (G-HEAT-3, G-HEAT-4, G-HEAT-5)",
          "[energy][flue_gas]")
{
    CHECK(printed(normal_flow(15'000, 250, 100), 2) == "7729.47");
    auto const extracted = sensible_heat(12'000, 280, 150);
    auto const available = sensible_heat(12'000, 280, 25);
    CHECK(printed(extracted, 3) == "598.000");
    CHECK(printed(available, 3) == "1173.000");
    CHECK(printed(100 * 420 / available, 3) == "35.806");
    CHECK(printed(100 * 420 / extracted, 3) == "70.234");
    CHECK(printed(displaced_fuel(500, 0.90, 35.588), 2) == "15610.76");
}

TEST_CASE("electrical_metrics: powers and power factor (G-MET-1, G-MET-2, G-MOT-2)", "[energy][electrical_metrics]")
{
    CHECK(printed(apparent_power(86.4, 41.8), 4) == "95.9802");
    CHECK(printed(power_factor(86.4, 41.8), 5) == "0.90019");
    CHECK(printed(power_factor(8640, 4180), 5) == "0.90019");
    CHECK(std::isnan(power_factor(0, 0)));
    CHECK(printed(three_phase_power(400, 150, 0.88) / 1000, 4) == "91.4523");
}

TEST_CASE("electrical_metrics: harmonics and unbalance (G-MET-3, G-MOT-6, G-MOT-7)", "[energy][electrical_metrics]")
{
    CHECK(printed(total_harmonic_distortion(150, std::vector{12.0, 8.0, 5.0, 3.0}), 4) == "10.3709");
    CHECK(printed(nema_unbalance(398, 402, 409), 4) == "1.4888");
    CHECK(printed(negative_sequence_factor(398, 402, 409), 4) == "1.5984");
    CHECK(printed(nema_unbalance(142, 150, 161), 4) == "6.6225");
    CHECK(negative_sequence_factor(400, 400, 400) == Approx(0).margin(1e-5));
}

TEST_CASE("motor_metrics: load by slip (G-MOT-3)", "[energy][motor_metrics]")
{
    CHECK(printed(100 * slip_load(1500, 1485, 1491), 1) == "60.0");
}

TEST_CASE("pv_metrics: performance ratio at 25 degC (G-PV-2)", "[energy][pv_metrics]")
{
    struct hour_of {
        double g, t, e;
        char const* factor;
    };
    auto energy = 0.0;
    auto plain = 0.0;
    auto corrected = 0.0;
    auto weighted = 0.0;
    for (auto const& h : {hour_of{400, 35, 165, "0.9650"}, hour_of{800, 50, 310, "0.9125"},
                          hour_of{1000, 60, 368, "0.8775"}, hour_of{600, 45, 240, "0.9300"}}) {
        auto const factor = temperature_factor(-0.0035, h.t);
        CHECK(printed(factor, 4) == h.factor);
        energy += h.e;
        plain += reference_energy(500e3, h.g / 1000);
        corrected += reference_energy(500e3, h.g / 1000) * factor;
        weighted += reference_energy(500e3, h.g / 1000) * h.t;
    }
    CHECK(printed(plain, 2) == "1400.00");
    CHECK(printed(corrected, 3) == "1275.750");
    CHECK(printed(energy / plain, 5) == "0.77357");
    CHECK(printed(energy / corrected, 5) == "0.84891");
    CHECK(printed(weighted / plain, 4) == "50.3571"); // against the mean of the same hours the correction cancels
    auto annual = 0.0;
    for (auto const& [g, t] : {std::pair{400, 35}, {800, 50}, {1000, 60}, {600, 45}})
        annual += reference_energy(500e3, g / 1000.0) * temperature_factor(-0.0035, t, weighted / plain);
    CHECK(printed(energy / annual, 5) == "0.77357");
}

TEST_CASE("pv_metrics: weighted inverter efficiency (G-PV-3)", "[energy][pv_metrics]")
{
    CHECK(printed(european_efficiency(94.0, 96.2, 97.6, 98.0, 98.3, 97.9), 3) == "97.844");
    CHECK(printed(cec_efficiency(96.2, 97.6, 98.0, 98.3, 98.2, 97.9), 3) == "98.072");
}

TEST_CASE("pv_metrics: curtailed energy and availability (G-PV-5, G-PV-6)", "[energy][pv_metrics]")
{
    array_plate const plate{500e3, 400e3, -0.0035};
    auto const a = expected_power(plate, 900, 55, 0.9) / 1000;
    auto const b = expected_power(plate, 950, 58, 0.9) / 1000;
    CHECK(printed(a, 4) == "362.4750");
    CHECK(b == Approx(378.12375)); // the tie of the printed 378.1237
    CHECK(printed(expected_power(plate, 700, 50, 0.9) / 1000, 4) == "287.4375");
    CHECK(printed((a - 300) / 4 + (b - 300) / 4, 4) == "35.1497");
    CHECK(expected_power(plate, 1200, 25, 0.9) == 400e3);
    CHECK(printed(100 * availability(9.2, 10, 0.3, 0), 3) == "94.845");
    CHECK(printed(100 * availability(10 - 0.3, 10, 0, 0), 1) == "97.0"); // of the data
}

TEST_CASE("sun: its course and its elevation over the plant (G-SUN-1)", "[energy][sun]")
{
    using namespace std::chrono;
    auto const at = [](year_month_day d, int h) { // plant time, UTC+8
        return duration_cast<milliseconds>((sys_days{d} + hours{h - 8}).time_since_epoch()).count();
    };
    auto const course = sun_course_at(at(2024y / 6 / 1, 12));
    CHECK(printed(course.equation_of_time, 4) == "2.4676");
    CHECK(printed(course.declination, 4) == "22.0421");
    CHECK(printed(sun_elevation(at(2024y / 6 / 1, 12), 27.66, 113.50), 3) == "82.253");
    CHECK(printed(sun_elevation(at(2024y / 6 / 1, 2), 27.66, 113.50), 3) == "-35.152");
    CHECK(printed(sun_elevation(at(2024y / 12 / 21, 17), 27.66, 113.50), 3) == "6.170");
}

namespace {

/// What a meter of the demand says over the minutes of the golden value, which begin at 10:00.
struct measured_demand {
    explicit measured_demand(demand_window w)
    {
        demand_meter d{w};
        auto end = 10 * hour;
        for (auto const& [count, kw] : {std::pair{5, 400.0}, {10, 620.0}, {10, 500.0}, {5, 300.0}})
            for (auto i = 0; i < count; ++i) {
                d.next(kw / 60, minute, end += minute);
                if (auto const v = d.value(); v && d.is_new()) {
                    all.push_back(printed(*v, 4));
                    if (*v > largest) {
                        largest = *v;
                        at = end;
                    }
                }
            }
    }

    std::vector<std::string> all;
    double largest = 0;
    instant at = 0;
};

} // namespace

TEST_CASE("demand: mean of the last 15 minutes, moved on each minute (G-DEM-1)", "[energy][demand]")
{
    measured_demand const d{demand_window::sliding};
    CHECK(d.all.size() == 16);
    CHECK(printed(d.largest, 4) == "580.0000");
    CHECK(d.at == 10 * hour + 20 * minute); // known at 10:20
}

TEST_CASE("demand: mean of each quarter of an hour of the clock (G-DEM-1)", "[energy][demand]")
{
    measured_demand const d{demand_window::block};
    CHECK(d.all == std::vector<std::string>{"546.6667", "433.3333"});
    CHECK(d.at == 10 * hour + 15 * minute);
}

TEST_CASE("demand: 15 minutes of which less than 95 % are known have none", "[energy][demand]")
{
    demand_meter d;
    instant end = 0;
    auto const minutes = [&](int n, double kwh, instant known) {
        for (auto i = 0; i < n; ++i)
            d.next(kwh, known, end += minute);
    };
    minutes(14, 10, minute);
    CHECK_FALSE(d.value());
    minutes(1, 2.5, minute / 4); // 95.0 %, at the same power
    CHECK(d.value() == Approx(600));
    minutes(1, 2.4, minute / 5);
    CHECK_FALSE(d.value());
    minutes(15, 10, minute);
    CHECK(d.value() == Approx(600));
    minutes(1, 99, 0); // not known: no energy of it counts
    CHECK_FALSE(d.value());
    d.clear();
    minutes(14, 10, minute);
    CHECK_FALSE(d.value());
}

TEST_CASE("counter_step: a 15-bit counter of kWh runs over once in 409.6 h at 80 kW (G-RST-3)",
          "[energy][counter_step]")
{
    auto const shown = [](double h) { return std::fmod(32'000 + 80 * h, 32'768); };
    auto const polled_daily = judge(shown(0), shown(24), {32'768, 1.2 * 110 * 24, 1});
    CHECK(polled_daily.step == counter_step::rollover);
    CHECK(polled_daily.delta == 80 * 24);
    CHECK(judge(shown(0), shown(409.5), {32'768, 1.2 * 110 * 409.5, 1}).delta == Approx(80 * 409.5).margin(8));
    CHECK(judge(shown(0), shown(409.6), {32'768, 1.2 * 110 * 409.6, 1}).delta == Approx(0).margin(1e-6)); // unseen
}
