#include "agent/energy/balance.hpp"
#include "agent/energy/carriers.hpp"
#include "agent/energy/motor_metrics.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/energy/pv_metrics.hpp"
#include "agent/energy/steam.hpp"
#include "agent/energy/superheated_steam.hpp"
#include "agent/energy/transformer_metrics.hpp"
#include "agent/energy/water.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::energy;

namespace {

quantity known(double value)
{
    quantity q;
    q.value = value;
    q.covered = {minute};
    return q;
}

} // namespace

TEST_CASE("quality: of several causes of doubt a sum names the worst, in whatever order they come", "[energy][quality]")
{
    for (std::size_t a = 0; a < doubts.size(); ++a)
        for (std::size_t b = 0; b < doubts.size(); ++b)
            CHECK(combined(doubts[a], doubts[b]) == doubts[std::max(a, b)]);
    for (auto n = 0; n < 256; ++n) {
        auto const q = static_cast<quality>(n);
        if (!is_known(q))
            continue;
        auto const listed = std::find(doubts.begin(), doubts.end(), q) != doubts.end();
        CHECK(listed == (severity_of(q) == severity::uncertain));
        CHECK(combined(q, quality::timeout) == (q < quality::timeout && n >= 64 ? q : quality::timeout));
        CHECK(combined(quality::timeout, q) == combined(q, quality::timeout));
    }
    auto coarse = known(1);
    coarse.q = quality::interpolated;
    auto part = known(1);
    part.q = quality::inputs_missing;
    CHECK((coarse + part).q == quality::inputs_missing);
    CHECK((part + coarse).q == quality::inputs_missing);
}

TEST_CASE("pv_metrics: the battery counts as use and as supply", "[energy][pv_metrics]")
{
    CHECK(direct_use(100, 60, 30) == 90);
    CHECK(own_supply(100, 60, 30, 0) == 60);
    CHECK(own_supply(20, 60, 0, 25) == 45);
    CHECK(own_supply(-1, 60, 0, 25) == 25);
    CHECK(first_share(-1, 5) == 0);
}

TEST_CASE("steam: enthalpy of saturated steam and heat of a boiler (G-HEAT-6)", "[energy][steam]")
{
    struct point {
        double p, h;
    };
    for (auto const& [p, h] : {point{0.2, 2706.24}, point{0.4, 2738.06}, point{0.6, 2756.14}, point{0.8, 2768.30},
                               point{1.0, 2777.12}, point{1.25, 2785.17}, point{1.6, 2792.88}, point{2.5, 2802.04}})
        CHECK(saturated_steam_enthalpy(p) == Approx(h).margin(0.095));
    CHECK(std::isnan(saturated_steam_enthalpy(0)));
    CHECK(std::isnan(saturated_steam_enthalpy(3)));
    CHECK(water_enthalpy(60, 0.8) == Approx(251.81).margin(0.005));
    CHECK(steam_heat(4000, 2768.30, 251.81) == Approx(2796.10).margin(0.005));
    CHECK(steam_heat(4000, saturated_steam_enthalpy(0.8), water_enthalpy(60, 0.8)) == Approx(2796.10).margin(0.1));
}

TEST_CASE("water: enthalpy as IAPWS-IF97 has it", "[energy][water]")
{
    CHECK(water_enthalpy(26.85, 3) == Approx(115.331273).epsilon(1e-8));
    CHECK(water_enthalpy(20, 1.6) == Approx(85.423).margin(0.0006));
    CHECK(water_enthalpy(120, 1.6) == Approx(504.770).margin(0.0006));
    CHECK(std::isnan(water_enthalpy(-1, 1)));
    CHECK(std::isnan(water_enthalpy(351, 1)));
}

TEST_CASE("motor_metrics: power of a shaft (G-MOT-1)", "[energy][motor_metrics]")
{
    CHECK(shaft_power(700, 1488) / 1000 == Approx(109.0761).epsilon(1e-6));
    CHECK(torque_per_percent(110e3, 1485) * 100 == Approx(9549.3 * 110 / 1485).epsilon(1e-5));
}

TEST_CASE("balance: what is left over, and its share (G-BAL-1)", "[energy][balance]")
{
    energy_flows f;
    f.pv = known(820);
    f.imported = known(430);
    f.discharged = known(60);
    f.recovered = known(45);
    f.exported = known(0);
    f.charged = known(70);
    f.lost = known(25);
    auto const c = check_balance(f, known(1250));
    CHECK(c.residual.value == Approx(10));
    CHECK(100 * c.share() == Approx(0.7380).epsilon(1e-4));
    CHECK(f.load_by_balance().value == Approx(1260));
}

TEST_CASE("carriers: comprehensive energy (G-TCE-1) and CO2 (G-CO2-1)", "[energy][carriers]")
{
    carrier_use const energy[]{{known(120'000), 0.1229},
                               {known(35'000), 1.2143},
                               {known(500e3), 0.03412}, // MJ of heat
                               {known(2000), 0.2571}};
    auto const kgce = carrier_sum(energy).value;
    CHECK(kgce == Approx(74822.70).epsilon(1e-9));
    CHECK(kgce / 480 == Approx(155.8806).epsilon(1e-6));
    carrier_use const emitted[]{{known(120'000), 0.5366}, {known(35'000), 2.16219}, {known(500), 110}};
    auto const co2 = carrier_sum(emitted).value;
    CHECK(co2 == Approx(195068.65).epsilon(1e-9));
    CHECK(co2 / 480 == Approx(406.3930).epsilon(1e-6));
}

TEST_CASE("transformer_metrics: the daily loss follows its load, not its mean load (G-TRF-2)",
          "[energy][transformer_metrics]")
{
    transformer_plate const plate{1000e3, 830, 10'300};
    auto const day =
        8 * transformer_loss(plate, 300e3) + 10 * transformer_loss(plate, 620e3) + 6 * transformer_loss(plate, 450e3);
    CHECK(day / 1000 == Approx(79.4437).epsilon(1e-6));
    auto const mean = (8 * 300e3 + 10 * 620e3 + 6 * 450e3) / 24;
    CHECK(24 * transformer_loss(plate, mean) / 1000 == Approx(74.7203).epsilon(1e-6));
    auto const square = (8 * 300e3 * 300e3 + 10 * 620e3 * 620e3 + 6 * 450e3 * 450e3) / 24;
    CHECK(square / (mean * mean) == Approx(1.08619).epsilon(1e-5)); // the shape factor
}

TEST_CASE("transformer_metrics: loss with its reactive power, and the load at which it loses least (G-TRF-1)",
          "[energy][transformer_metrics]")
{
    transformer_plate const plate{1000e3, 830, 10'300, 0.0025, 0.045};
    CHECK(comprehensive_loss(plate, 620e3) / 1000 == Approx(5.5812).epsilon(1e-5));
    CHECK(100 * best_load(plate) == Approx(28.387).epsilon(1e-5));
}

TEST_CASE("steam: the temperature at which water boils, and wet steam (G-HEAT-6)", "[energy][steam]")
{
    struct point {
        double p, t, h;
    };
    for (auto const& [p, t, h] : {point{0.2, 120.212, 504.68}, point{0.8, 170.414, 721.02}, point{1.6, 201.378, 858.61},
                                  point{2.5, 223.956, 961.98}}) {
        CHECK(saturation_temperature(p) == Approx(t).margin(0.0006));
        CHECK(water_enthalpy(saturation_temperature(p), p) == Approx(h).margin(0.006));
    }
    CHECK(std::isnan(saturation_temperature(0.05)));
    CHECK(wet_steam_enthalpy(0.8, 0.97) == Approx(2706.88).margin(0.095));
    CHECK(steam_heat(4000, 2706.88, 251.81) == Approx(2727.86).margin(0.02));
    CHECK(wet_steam_enthalpy(0.8, 1) == saturated_steam_enthalpy(0.8));
}

TEST_CASE("pv_metrics: PV shared out to all loads alike (G-PVF-1)", "[energy][pv_metrics]")
{
    double const pv[]{50, 120, 200, 80}, key[]{60, 90, 110, 100}, other[]{40, 10, 40, 60};
    double first = 0, alike = 0, all = 0;
    for (int i = 0; i < 4; ++i) {
        first += first_share(pv[i], key[i]);
        alike += proportional_share(pv[i], key[i], key[i] + other[i]);
        all += key[i];
    }
    CHECK(100 * first / all == Approx(91.6667).margin(5e-5));
    CHECK(100 * alike / all == Approx(77.7778).margin(5e-5));
    CHECK(proportional_share(50, 10, 0) == 0);
    CHECK(proportional_share(-3, 10, 20) == 0);
}

TEST_CASE("emissions: the grid's factor is that of the year of the data", "[energy][emissions]")
{
    emission_factors e;
    e.grid = {{2021, 0.5568, "", ""}, {2023, 0.5306, "", ""}, {2022, 0.5366, "", ""}};
    CHECK(e.grid_of(2022).kg_per_kwh == 0.5366);
    CHECK(e.grid_of(2026).kg_per_kwh == 0.5306); // not published yet
    CHECK(e.grid_of(2019).kg_per_kwh == 0.5568);
    e.grid.clear();
    CHECK(e.grid_of(2022).kg_per_kwh == 0);
}

TEST_CASE("steam: superheated, by the check values of IAPWS-IF97 and from saturation on", "[energy][steam]")
{
    constexpr double kelvin = 273.15;
    CHECK(superheated_steam_enthalpy(0.0035, 300 - kelvin) == Approx(2549.91145).epsilon(1e-8));
    CHECK(superheated_steam_enthalpy(0.0035, 700 - kelvin) == Approx(3335.68375).epsilon(1e-8));
    for (auto const p : {0.2, 0.8, 1.6, 2.5})
        CHECK(superheated_steam_enthalpy(p, saturation_temperature(p)) ==
              Approx(saturated_steam_enthalpy(p)).margin(0.1));
    CHECK(std::isnan(superheated_steam_enthalpy(17, 600)));
    CHECK(std::isnan(superheated_steam_enthalpy(1, 801)));
    CHECK(std::isnan(superheated_steam_enthalpy(0, 200)));
}
