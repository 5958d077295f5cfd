#include "hand_plant.hpp"
#include "small_plant.hpp"

#include "agent/energy/derived_gauge.hpp"
#include "agent/energy/reference_ratio.hpp"
#include "core/aggregate_columns.hpp"

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// A plant of one inverter, 500 kWp and 450 kW, with a weather station.
struct pv_hand_plant : hand_plant {
    pv_hand_plant() : roof{add("roof", role::pv)}, sky{add("sky", role::weather)}
    {
        model.devices[roof].array = array_plate{500e3, 450e3, -0.0035};
    }
    std::size_t roof, sky;
};

struct roof_state {
    double irradiance, module, kw;
    bool throttled;
};

figures minute_of(roof_state const& s)
{
    pv_hand_plant p;
    p.gauge(p.sky, "irradiance", s.irradiance);
    p.gauge(p.sky, "module_temperature", s.module);
    p.gauge(p.roof, "active_power", s.kw * 1000);
    p.state(p.roof, "throttled", s.throttled ? 1 : 0);
    return p.minute_figures();
}

/// A minute of an inverter by day: whether it answers, and whether it could give power.
figures sunlit_minute(bool answers, bool available, double irradiance = 600)
{
    pv_hand_plant p;
    p.gauge(p.sky, "irradiance", irradiance);
    if (answers)
        p.state(p.roof, "available", available ? 1 : 0);
    else
        p.windows[p.roof].gauges.push_back({"available", "", {}});
    return p.minute_figures();
}

row state_row(std::string const& device, std::int64_t ms, std::int64_t state)
{
    auto l = std::make_shared<layout>();
    l->device = device;
    column c;
    c.name = "state";
    c.states = {{1, "running"}, {2, "running_reverse"}, {3, "stopped"}, {7, "fault"}};
    l->columns = {c};
    return {l, time_at(ms), {cell_of(state)}, {}};
}

} // namespace

TEST_CASE("pv.e_curtailed: what throttled inverters did not give (G-PV-5)", "[energy][figures]")
{
    figures sums;
    for (auto const& s : {roof_state{900, 55, 300, true}, {950, 58, 300, true}, {700, 50, 281, false}})
        for (int i = 0; i < 15; ++i)
            append(sums, minute_of(s));
    auto const v = value_of(sums, "pv.e_curtailed", 3 * quarter);
    CHECK(v.value == Approx(35.1497).epsilon(1e-6));
    CHECK(v.how == method::model);
    CHECK(v.q == quality::good);
}

TEST_CASE("pv.e_curtailed: without a pyranometer by the inverters that run free, else it has no value",
          "[energy][figures]")
{
    hand_plant p;
    auto const slow = p.add("slow", role::pv);
    auto const free = p.add("free", role::pv);
    p.model.devices[slow].array = array_plate{100e3, 0};
    p.model.devices[free].array = array_plate{200e3, 0};
    p.gauge(slow, "active_power", 50e3);
    p.state(slow, "throttled", 1);
    p.gauge(free, "active_power", 160e3);
    p.state(free, "throttled", 0);
    CHECK(value_of(p.minute_figures(), "pv.e_curtailed").value == Approx((80 - 50) / 60.0));
    p.windows[free].gauges.back().sum.integral = minute; // throttled too
    CHECK_FALSE(value_of(p.minute_figures(), "pv.e_curtailed").known);
}

TEST_CASE("pv.e_curtailed: a limit below what the sun allows holds an inverter back, one above it does not",
          "[energy][figures]")
{
    auto const lost = [](double limit_percent) {
        pv_hand_plant p; // 900 W/m2 at 55 degC are 362.475 kW
        p.gauge(p.sky, "irradiance", 900);
        p.gauge(p.sky, "module_temperature", 55);
        p.gauge(p.roof, "active_power", 300e3);
        p.state(p.roof, "throttled", 0);
        p.gauge(p.roof, "power_limit_percent", limit_percent);
        return value_of(p.minute_figures(), "pv.e_curtailed", minute).value;
    };
    CHECK(lost(67) == Approx(62.475 / 60)); // 301.5 of 450 kW
    CHECK(lost(81) == 0);                   // 364.5 kW
    CHECK(lost(100) == 0);
}

TEST_CASE("pv.e_curtailed: a limit of nothing holds back all that the sun allows", "[energy][figures]")
{
    for (auto const* limit : {"power_limit", "power_limit_percent"}) {
        pv_hand_plant p;
        p.gauge(p.sky, "irradiance", 900);
        p.gauge(p.sky, "module_temperature", 55);
        p.gauge(p.roof, "active_power", 0);
        p.state(p.roof, "throttled", 0);
        p.gauge(p.roof, limit, 0);
        CHECK(value_of(p.minute_figures(), "pv.e_curtailed").value == Approx(362.475 / 60));
    }
}

TEST_CASE("pv.e_curtailed: a share of the minute in which the inverter says that it derates", "[energy][figures]")
{
    pv_hand_plant p;
    p.gauge(p.sky, "irradiance", 900);
    p.gauge(p.sky, "module_temperature", 55);
    p.gauge(p.roof, "active_power", 300e3);
    p.state(p.roof, "throttled", 0);
    p.state(p.roof, "derated", 0.5);
    CHECK(value_of(p.minute_figures(), "pv.e_curtailed", minute).value == Approx(62.475 / 120));
}

TEST_CASE("pv.e_curtailed: without a pyranometer only inverters of the same orientation tell what the sun allows",
          "[energy][figures]")
{
    hand_plant p;
    auto const slow = p.add("slow", role::pv);
    auto const west = p.add("west", role::pv);
    auto const south = p.add("south", role::pv);
    p.model.devices[slow].array = array_plate{100e3, 0, -0.0035, "south"};
    p.model.devices[west].array = array_plate{100e3, 0, -0.0035, "west"};
    p.model.devices[south].array = array_plate{100e3, 0, -0.0035, "south"};
    for (auto const& [i, kw] : {std::pair{slow, 50e3}, {west, 20e3}, {south, 80e3}}) {
        p.gauge(i, "active_power", kw);
        p.state(i, "throttled", i == slow ? 1 : 0);
    }
    CHECK(value_of(p.minute_figures(), "pv.e_curtailed").value == Approx((80 - 50) / 60.0));
    p.gauge(south, "power_limit", 81e3); // it runs against a limit: nobody runs free to the south
    CHECK_FALSE(value_of(p.minute_figures(), "pv.e_curtailed").known);
}

TEST_CASE("derived_gauge: SunSpec 701 says that it throttles, 123 and 704 that a limit is on", "[energy][derived]")
{
    layout l;
    for (auto const* name :
         {"vendor.throtpct", "vendor.m123_wmaxlimpct", "vendor.m123_wmaxlim_ena", "active_power", "state"}) {
        column c;
        c.name = name;
        c.kind = value_kind::f64;
        l.columns.push_back(c);
    }
    auto const shared = std::make_shared<layout>(l);
    auto const plans = derived_gauges(*shared, device("roof", role::pv), nullptr);
    auto const value = [&](std::string_view point, double throttle, double limit, double on) {
        row const r{shared, {}, {cell_of(throttle), cell_of(limit), cell_of(on), cell_of(1.0), cell_of(4.0)}, {}};
        for (auto const& p : plans)
            if (p.point == point)
                return value_of(p, r).value;
        return -1.0;
    };
    CHECK(value("derated", 12, 60, 1) == 1);
    CHECK(value("derated", 0, 60, 1) == 0);
    CHECK(value("power_limit_percent", 0, 60, 1) == 60);
    CHECK(value("power_limit_percent", 0, 60, 0) == 100);
}

TEST_CASE("pv.availability: of the sunlit hours in which it is known (G-PV-6)", "[energy][figures]")
{
    figures sums;
    auto const add = [&](int minutes, bool answers, bool available, double irradiance = 600) {
        for (int i = 0; i < minutes; ++i)
            append(sums, sunlit_minute(answers, available, irradiance));
    };
    add(552, true, true);
    add(30, true, false);
    add(18, false, false);
    add(840, true, false, 0); // the night
    CHECK(value_of(sums, "pv.availability", 24 * hour).value == Approx(94.845).epsilon(1e-5));
    CHECK(value_of(sums, "pv.data_availability", 24 * hour).value == Approx(97.0));
    CHECK(value_of(sums, "pv.availability", 24 * hour).q == quality::good);
}

TEST_CASE("pv.availability: a failed grid is no fault of the inverters", "[energy][figures]")
{
    pv_hand_plant p;
    auto const grid = p.add("grid", role::grid);
    p.gauge(p.sky, "irradiance", 600);
    p.state(p.roof, "available", 0);
    p.gauge(grid, "voltage_l1", 0);
    CHECK(value_of(p.minute_figures(), "pv.availability", minute).q == quality::denominator_low);
    CHECK(value_of(p.minute_figures(), "pv.data_availability", minute).value == 100);
}

TEST_CASE("pv.availability: a minute that a clock which went back repeats is no more than whole", "[energy][figures]")
{
    pv_hand_plant p;
    p.gauge(p.sky, "irradiance", 600);
    p.state(p.roof, "available", 1);
    auto& g = p.windows[p.roof].gauges.back().sum;
    g.covered *= 3; // as gauge_track counts the time that passed
    g.integral *= 3;
    CHECK(value_of(p.minute_figures(), "pv.availability", minute).value == Approx(100));
    CHECK(value_of(p.minute_figures(), "pv.data_availability", minute).value == Approx(100));
}

TEST_CASE("figures: a mean weighs the time that passed, and a minute shown twice covers no other", "[energy][figures]")
{
    figures sums;
    auto const add = [&](double kw, int times) {
        pv_hand_plant p;
        p.gauge(p.roof, "active_power", kw * 1000);
        auto& g = p.windows[p.roof].gauges.back().sum;
        g.covered *= times;
        g.integral *= times;
        append(sums, p.minute_figures());
    };
    add(30, 3);
    add(70, 1);
    CHECK(value_of(sums, "pv.p", 2 * minute).value == Approx(40));
    CHECK(value_of(sums, "pv.p", 4 * minute).coverage == 0.5);
}

TEST_CASE("pv.availability: the sun says when it is day where nothing measures it", "[energy][figures]")
{
    hand_plant p;
    auto const roof = p.add("roof", role::pv);
    p.state(roof, "available", 0);
    CHECK_FALSE(has(p.minute_figures(), "pv.availability"));
    p.model.location = geographic_location{27.66, 113.50}; // the windows begin at 08:00 there
    CHECK(value_of(p.minute_figures(), "pv.availability", minute).value == 0);
    p.model.location = geographic_location{27.66, -66.5};
    CHECK(value_of(p.minute_figures(), "pv.availability", minute).q == quality::denominator_low);
}

TEST_CASE("pv.p_night: what inverters take in the dark", "[energy][figures]")
{
    figures sums;
    for (auto const& s : {roof_state{0, 20, -0.12, false}, {500, 40, 200, false}})
        for (int i = 0; i < 30; ++i)
            append(sums, minute_of(s));
    CHECK(value_of(sums, "pv.p_night", hour).value == Approx(0.12));
}

TEST_CASE("pv.eta_eu: by load, half an hour at each or no value (G-PV-3)", "[energy][figures]")
{
    struct {
        double load, eta;
    } const steps[]{{0.05, 94.0}, {0.10, 96.2}, {0.20, 97.6}, {0.30, 98.0}, {0.50, 98.3}, {0.75, 98.2}, {1.00, 97.9}};
    figures sums;
    auto const run = [&](int minutes) {
        for (auto const& s : steps)
            for (int i = 0; i < minutes; ++i) {
                pv_hand_plant p;
                p.gauge(p.roof, "active_power", s.load * 450e3);
                p.gauge(p.roof, "dc_power", s.load * 450e3 / s.eta * 100);
                append(sums, p.minute_figures());
            }
    };
    run(29);
    CHECK(value_of(sums, "pv.eta_eu", 203 * minute).q == quality::denominator_low);
    run(1);
    CHECK(value_of(sums, "pv.eta_eu", 210 * minute).value == Approx(97.844).epsilon(1e-6));
    CHECK(value_of(sums, "pv.eta_cec", 210 * minute).value == Approx(98.072).epsilon(1e-6));
    CHECK(value_of(sums, "pv.eta_cec", 210 * minute).q == quality::good);
}

TEST_CASE("reference_ratio: the median of the days without throttling", "[energy][figures]")
{
    auto const day = [](double pr, double lost) {
        auto l = std::make_shared<layout>();
        l->kind = stream::kpi_day;
        for (auto const* name : {"pv.pr", "pv.pr.coverage", "pv.e_curtailed"}) {
            column c;
            c.name = name;
            c.kind = value_kind::f64;
            l->columns.push_back(c);
        }
        return row{l, {}, {cell_of(pr), cell_of(1.0), cell_of(lost)}, {}};
    };
    reference_ratio r;
    CHECK(r.value() == 0.90);
    r.saw_day(day(0.80, 0));
    r.saw_day(day(0.40, 12));
    CHECK(r.value() == 0.80);
    r.saw_day(day(0.86, 0));
    r.saw_day(day(0.82, 0));
    CHECK(r.value() == 0.82);
    for (int i = 0; i < 30; ++i)
        r.saw_day(day(0.7, 0));
    CHECK(r.value() == 0.7);
}

TEST_CASE("motor.run_h: hours and starts of all motors and of each", "[energy][figures]")
{
    figures sums;
    for (int i = 0; i < 60; ++i) {
        hand_plant p;
        auto const mill = p.add("mill", role::motor);
        auto const press = p.add("press-pump", role::motor);
        p.state(mill, "running", 1);
        p.state(press, "running", i % 2 == 0 ? 0.5 : 0, i % 2 == 0 ? 1 : 0);
        append(sums, p.minute_figures());
    }
    CHECK(value_of(sums, "motor.run_h", hour).value == Approx(1.25));
    CHECK(value_of(sums, "press_pump.run_h", hour).value == Approx(0.25));
    CHECK(value_of(sums, "press_pump.starts", hour).value == 30);
    CHECK(value_of(sums, "mill.starts", hour).value == 0);
}

TEST_CASE("motor.starts: over a gap a stop and a start are seen, and a motor that runs on both sides is in doubt",
          "[energy][energy_stage]")
{
    auto const starts_with = [](std::int64_t before, std::int64_t after) {
        plant_model m;
        m.devices = {device("pump", role::motor)};
        energy_stage s{m};
        std::vector<row> rows;
        auto const take = [&](std::vector<row> more) {
            for (auto& r : more)
                rows.push_back(std::move(r));
        };
        for (std::int64_t ms = 0; ms < 46 * minute_ms; ms += 10 * second) {
            auto const gap = ms > 16 * minute_ms && ms < 20 * minute_ms; // within the second quarter
            if (!gap)
                s.fold(state_row("pump", ms, ms <= 16 * minute_ms ? before : after));
            take(s.advance(time_at(ms + 500)));
        }
        return *figure_at(rows, stream::kpi_15m, quarter_ms, "pump.starts");
    };
    CHECK(starts_with(3, 1).value == 1);
    CHECK(starts_with(1, 3).value == 0);
    CHECK(starts_with(1, 1).value == 0);
    CHECK(starts_with(1, 1).q == quality::inputs_missing);
    CHECK(starts_with(3, 1).q != quality::inputs_missing);
}

TEST_CASE("motor.v_unb: of the meter above the motor, while it runs (G-MOT-6, G-MOT-7)", "[energy][energy_stage]")
{
    plant_model m;
    m.devices = {device("grid", role::grid), device("feeder", role::load), device("pump", role::motor, "feeder")};
    m.devices[2].motor = motor_plate{75e3, 1480, "IE3", 400, 150};
    energy_stage s{m};
    source const grid{"grid", {"voltage_l1_l2", "voltage_l2_l3", "voltage_l3_l1", "active_energy_import"}};
    source const feeder{"feeder",
                        {"voltage_l1_l2", "voltage_l2_l3", "voltage_l3_l1", "current_l1", "current_l2", "current_l3"}};
    source const drive{"pump", {"speed"}};
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms <= 16 * minute_ms; ms += 10 * second) {
        auto const runs = ms % (10 * minute_ms) >= 5 * minute_ms;
        auto const amperes = runs ? 1.0 : 0.001;
        s.fold(grid.at(ms, {398, 402, 409, 1e6 + static_cast<double>(ms)}));
        s.fold(feeder.at(ms + 1, {398, 402, 409, 142 * amperes, 150 * amperes, 161 * amperes}));
        s.fold(drive.at(ms + 2, {runs ? 1480.0 : 0.0}));
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const at = [&](char const* name) {
        auto const f = figure_at(rows, stream::kpi_15m, 0, name);
        REQUIRE(f);
        return f->value;
    };
    CHECK(at("grid.vuf") == Approx(1.5984).epsilon(1e-4));
    CHECK(at("motor.v_unb") == Approx(1.4888).epsilon(1e-4));
    CHECK(at("pump.i_unb") == Approx(6.6225).epsilon(1e-4)); // of the minutes in which it ran
    CHECK(at("motor.starts") == 1);
    CHECK(at("motor.run_h") == Approx(5.0 / 60).epsilon(0.01));
}

TEST_CASE("derived_gauge: voltages to neutral tell the same where they are 120 degrees apart", "[energy][derived]")
{
    layout l;
    for (auto const* name : {"voltage_l1", "voltage_l2", "voltage_l3"}) {
        column c;
        c.name = name;
        c.kind = value_kind::f64;
        l.columns.push_back(c);
    }
    auto const plans = derived_gauges(l, device("grid", role::grid), nullptr);
    REQUIRE(plans.size() == 1);
    row const even{std::make_shared<layout>(l), {}, {cell_of(230.0), cell_of(230.0), cell_of(230.0)}, {}};
    CHECK(value_of(plans[0], even).value == Approx(0).margin(1e-6));
    row const dead{even.layout, {}, {cell_of(1.0), cell_of(0.0), cell_of(1.0)}, {}};
    CHECK(value_of(plans[0], dead).idle);
    row const lost{even.layout, {}, {cell_of(230.0), absent(quality::timeout), cell_of(230.0)}, {}};
    CHECK(value_of(plans[0], lost).q == quality::timeout);
    CHECK_FALSE(value_of(plans[0], lost).idle);
}

TEST_CASE("derived_gauge: a state is the share of the time and counts its starts, also over a restart",
          "[energy][energy_stage]")
{
    plant_model m;
    m.devices = {device("pump", role::motor)};
    auto const play = [&](bool restart) {
        energy_stage s{m};
        std::vector<row> rows;
        std::int64_t const states[]{3, 1, 1, 7, 2, 2, 3, 3, 1, 99, 1, 1, 1};
        auto stage = &s;
        energy_stage again{m};
        for (std::int64_t i = 0; i < 13; ++i) {
            if (restart && i == 4) {
                REQUIRE(again.restore(s.snapshot()));
                stage = &again;
            }
            stage->fold(state_row("pump", i * 10 * second, states[i]));
            for (auto& r : stage->advance(time_at(i * 10 * second + 500)))
                rows.push_back(std::move(r));
        }
        for (auto& r : stage->advance(time_at(3 * minute_ms)))
            rows.push_back(std::move(r));
        return rows;
    };
    auto const rows = play(false);
    CHECK(figure_at(rows, stream::kpi_1m, 0, "pump.starts")->value == 2); // 3 to 1, 7 to 2
    CHECK(figure_at(rows, stream::kpi_1m, 0, "pump.run_h")->value == Approx(40.0 / 3600));
    CHECK(look(rows, "pump", stream::window_1m, 0, "running.mean")->value == Approx(4.0 / 6));
    CHECK(texts_of(play(true)) == texts_of(rows));
}

TEST_CASE("heat.k_check: the counter against volume and temperatures (G-HEAT-1)", "[energy][figures]")
{
    auto const check = [](double counted_kwh, bool in_supply) {
        hand_plant p;
        auto const meter = p.add("kiln-heat", role::waste_heat);
        p.model.devices[meter].flow_sensor_in_supply = in_supply;
        p.counter(meter, "volume", 10);
        p.counter(meter, "thermal_energy", counted_kwh * 1000);
        p.gauge(meter, "supply_temperature", 80);
        p.gauge(meter, "return_temperature", 60);
        return value_of(p.minute_figures(), "kiln_heat.k_check").value;
    };
    CHECK(check(228.757, false) == Approx(0).margin(1e-3));
    CHECK(check(226.108, true) == Approx(0).margin(1e-3));
    CHECK(check(232.600, false) == Approx(1.68).margin(5e-3)); // the shortcut of 1.163 kWh/(m3 K)
}

TEST_CASE("kiln.conformity: within the band, of the time in which the set point stands", "[energy][energy_stage]")
{
    plant_model m;
    m.devices = {device("kiln", role::kiln)};
    energy_stage s{m};
    source const kiln{"kiln", {"process_temperature", "setpoint_temperature"}};
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms <= 61 * minute_ms; ms += 10 * second) {
        auto const min = static_cast<double>(ms) / minute_ms;
        auto const ramp = min < 15; // 2 K a minute, far behind
        auto const set = ramp ? 1100 + 2 * min : 1130;
        auto const off = ramp ? -40 : min < 29 ? -7.0 : 4.0;
        s.fold(kiln.at(ms, {set + off, set}));
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const v = figure_at(rows, stream::kpi_1h, 0, "kiln.conformity");
    REQUIRE(v);
    CHECK(v->value == Approx(100 * 31.0 / 40).epsilon(0.01)); // the soak is told from minute 20 on
}
