#include "agent/energy/energy_stage.hpp"

#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string_view>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// One poll class of a device: constant gauges, and counters that gain `slope` an hour.
struct poll {
    source from;
    std::vector<double> level;
    std::vector<double> slope;

    row at(std::int64_t ms) const
    {
        auto values = level;
        for (std::size_t i = 0; i < slope.size(); ++i)
            values[i] += slope[i] * static_cast<double>(ms) / 3.6e6;
        return from.at(ms, values);
    }
};

/// The devices of config/examples/ceramics-plant.toml.
plant_model ceramics()
{
    plant_model m;
    m.devices = {device("pv-roof-1", role::pv),
                 device("pv-roof-2", role::pv),
                 device("weather", role::weather),
                 device("grid-meter", role::grid),
                 device("transformer", role::transformer),
                 device("battery", role::battery),
                 device("ball-mill-meter", role::load, "", true),
                 device("ball-mill-drive", role::motor, "ball-mill-meter"),
                 device("press-meter", role::load, "", true),
                 device("press-drive", role::motor, "press-meter", true),
                 device("kiln-controller", role::kiln),
                 device("kiln-heat", role::waste_heat),
                 device("kiln-meter", role::load, "", true),
                 device("production", role::production),
                 device("kiln-gas", role::fuel),
                 device("boiler", role::boiler),
                 device("compressor", role::load)};
    m.devices[0].array = array_plate{300e3, 250e3};
    m.devices[1].array = array_plate{200e3, 175e3};
    m.devices[4].transformer = transformer_plate{1000e3, 830, 10'300};
    m.devices[7].motor = motor_plate{132e3, 1488, "IE3"};
    m.devices[9].motor = motor_plate{110e3, 1488, "IE5"};
    return m;
}

/// Midday: 300 kW of PV; the plant takes 394 kW, 20 of them unmetered; the battery is charged with 30 kW, and the
/// transformer loses 1.0 kW (S about 125 kVA).
std::vector<poll> midday()
{
    auto const s = 124.03e3; // of the transformer, VA
    auto const loss = 830 + 10'300 * (s / 1000e3) * (s / 1000e3);
    auto const low = 124e3; // W through the transformer
    return {
        {{"pv-roof-1", {"active_power", "dc_power"}}, {180e3, 187.5e3}, {}},
        {{"pv-roof-1", {"active_energy"}}, {500e6}, {180e3}},
        {{"pv-roof-2", {"active_power", "dc_power"}}, {120e3, 125e3}, {}},
        {{"pv-roof-2", {"active_energy"}}, {320e6}, {120e3}},
        {{"weather", {"irradiance", "module_temperature"}}, {750, 45}, {}},
        {{"grid-meter", {"active_power"}}, {low + loss}, {}},
        {{"grid-meter", {"active_energy_import", "active_energy_export"}}, {3e9, 70e6}, {low + loss, 0}},
        {{"transformer", {"active_power", "apparent_power"}}, {low, s}, {}},
        {{"transformer", {"active_energy_import"}}, {2.8e9}, {low}},
        {{"battery", {"active_power", "state_of_charge"}}, {-30e3, 55}, {}},
        {{"battery", {"charge_energy", "discharge_energy"}}, {90e6, 82e6}, {30e3, 0}},
        {{"ball-mill-meter", {"active_power"}}, {115e3}, {}},
        {{"ball-mill-meter", {"active_energy_import", "active_energy_export"}}, {1.4e9, 0}, {115e3, 0}},
        {{"ball-mill-drive", {"speed", "torque_percent", "output_power"}}, {1488, 80, 111e3}, {}},
        {{"press-meter", {"active_power"}}, {92e3}, {}},
        {{"press-meter", {"active_energy_import"}}, {0.8e9}, {92e3}},
        {{"press-drive", {"output_power", "torque", "speed"}}, {90e3, 550, 1488}, {}},
        {{"press-drive", {"active_energy"}}, {0.78e9}, {90e3}},
        {{"kiln-controller", {"process_temperature"}}, {1180}, {}},
        {{"kiln-heat", {"thermal_power"}}, {420e3}, {}},
        {{"kiln-heat", {"thermal_energy", "volume"}}, {4.2e9, 165e3}, {420e3, 18}},
        {{"kiln-meter", {"active_power"}}, {60e3}, {}},
        {{"kiln-meter", {"active_energy_import"}}, {0.4e9}, {60e3}},
        {{"production", {"production_mass"}}, {30e3}, {4}},
        {{"kiln-gas", {"fuel_volume"}}, {3e6}, {290}},
        {{"boiler", {"fuel_volume", "steam_mass"}}, {1.8e6, 23e6}, {310, 4000}},
        {{"boiler", {"steam_mass_flow", "pressure", "feed_water_temperature"}}, {4000, 0.8e6, 60}, {}},
        {{"compressor", {"active_power"}}, {107e3}, {}},
        {{"compressor", {"active_energy_import", "volume"}}, {0.51e9, 5.1e6}, {107e3, 980}},
    };
}

struct expected {
    std::string_view name;
    double value; ///< per hour for what adds up
    std::string_view unit;
};

} // namespace

TEST_CASE("energy_stage: every figure of the ceramics plant at midday", "[energy][energy_stage]")
{
    energy_stage s{ceramics()};
    auto const polls = midday();
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms < 31 * minute_ms; ms += 5 * second) {
        std::int64_t later = 0;
        for (auto const& p : polls)
            s.fold(p.at(ms + later++));
        for (auto& r : s.advance(time_at(ms + later)))
            rows.push_back(std::move(r));
    }
    auto const loss = 0.830 + 10.3 * 0.12403 * 0.12403;
    auto const import = 124 + loss;
    auto const gas = 600.0;
    auto const shaft = 0.8 * 132 + 550 * 1488 / 9549.2966;
    std::array const adds_up{
        expected{"pv.e", 300, "kWh"},
        expected{"pv.e_dc", 312.5, "kWh"},
        expected{"pv.h_poa", 0.75, "kWh/m2"},
        expected{"grid.e_imp", import, "kWh"},
        expected{"bat.e_cha", 30, "kWh"},
        expected{"site.e_load", 394, "kWh"},
        expected{"site.unmetered", 20, "kWh"},
        expected{"site.e_key", 267, "kWh"},
        expected{"heat.q", 420, "kWh"},
        expected{"whr.q_rec", 420, "kWh"},
        expected{"tce.total", import * 0.1229 + gas * 1.2143, "kgce"},
        expected{"co2.total", import * 0.5366 + gas * 2.16219, "kg"},
        expected{"production.mass", 4, "t"},
        expected{"pv_roof_2.e", 120, "kWh"},
        expected{"press_meter.e", 92, "kWh"},
        expected{"kiln_heat.q", 420, "kWh"},
    };
    std::array const levels{
        expected{"pv.p", 300, "kW"},
        expected{"pv.p_dc", 312.5, "kW"},
        expected{"pv.eta_inv", 96, "%"},
        expected{"pv_roof_1.eta_inv", 96, "%"},
        expected{"grid.p", import, "kW"},
        expected{"bat.p", -30, "kW"},
        expected{"bat.soc", 55, "%"},
        expected{"load.p", 394, "kW"},
        expected{"pv.self_consumption", 100, "%"},
        expected{"site.autarky", 100 * 270 / 394.0, "%"},
        expected{"site.re_share", 100 * 270 / 394.0, "%"},
        expected{"site.pv_first", 100, "%"},
        expected{"heat.p", 420, "kW"},
        expected{"motor.p_in", 201, "kW"},
        expected{"motor.p_shaft", shaft, "kW"},
        expected{"motor.eta", 100 * shaft / 201, "%"},
        expected{"motor.lf", 100 * shaft / 242, "%"},
        expected{"ball_mill_drive.lf", 80, "%"},
        expected{"press_drive.p_in", 90, "kW"},
        expected{"trf.beta", 12.403, "%"},
        expected{"trf.loss", loss, "kW"},
        expected{"trf.eta", 100 * 124 / (124 + loss), "%"},
        expected{"tce.unit", (import * 0.1229 + gas * 1.2143) / 4, "kgce/t"},
        expected{"co2.unit", (import * 0.5366 + gas * 2.16219) / 4, "kg/t"},
        expected{"compressor.p", 107, "kW"},
        expected{"kiln_heat.p", 420, "kW"},
    };
    std::array const by_quarter{
        expected{"boiler.eta", 91.244, "%"},
        expected{"boiler.sgc", 77.5, "m3/t"},
        expected{"mach.sec", 107.0 / 980, "kWh/m3"},
    };
    for (auto const kind : {stream::kpi_1m, stream::kpi_15m}) {
        auto const hours = kind == stream::kpi_1m ? 1.0 / 60 : 0.25;
        auto const check = [&](expected const& e, double factor) {
            INFO(to_string(kind) << " " << e.name);
            auto const f = figure_at(rows, kind, quarter_ms, e.name);
            REQUIRE(f.has_value());
            CHECK(f->value == Approx(e.value * factor).epsilon(1e-5));
            CHECK(f->q == quality::good);
            auto const* r = window(rows, aggregate::site, kind, quarter_ms);
            for (auto const& c : r->layout->columns)
                if (c.name == e.name)
                    CHECK(c.unit == e.unit);
            CHECK(figure_at(rows, kind, quarter_ms, std::string{e.name} + ".coverage")->value == 1.0);
            CHECK(figure_at(rows, kind, quarter_ms, std::string{e.name} + ".method").has_value());
        };
        for (auto const& e : adds_up)
            check(e, hours);
        for (auto const& e : levels)
            check(e, 1);
        for (auto const& e : by_quarter)
            if (kind == stream::kpi_15m)
                check(e, 1);
        CHECK(figure_at(rows, kind, quarter_ms, "grid.e_exp")->value == 0);
        CHECK(figure_at(rows, kind, quarter_ms, "bat.e_dis")->value == 0);
    }
    CHECK(figure_at(rows, stream::kpi_15m, quarter_ms, "pv.pr")->value == Approx(300 / (500 * 0.75)));
    CHECK(figure_at(rows, stream::kpi_15m, quarter_ms, "pv_roof_2.pr")->value == Approx(120 / (200 * 0.75)));
}
