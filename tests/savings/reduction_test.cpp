#include "agent/savings/motor_split.hpp"
#include "agent/savings/reduction.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace kilnwatt::savings;

TEST_CASE("reduction: 38.71 % over the years (G-CUM-1)", "[savings][reduction]")
{
    CHECK(after_reduction(200, 0.3871) == Approx(122.58).margin(5e-3));
    CHECK(reduction(200, 122.58) == Approx(0.3871).margin(5e-7));
    CHECK(100 * annual_rate(0.3871, 3) == Approx(15.0566).margin(5e-5));
    CHECK(100 * annual_rate(0.3871, 2) == Approx(21.7121).margin(5e-5));
}

TEST_CASE("reduction: yearly reductions multiply (G-CUM-2)", "[savings][reduction]")
{
    CHECK(100 * chained_reduction(std::vector{0.15, 0.16, 0.142}) == Approx(38.7388).margin(5e-5));
    CHECK(chained_reduction({}) == 0);
    auto const rate = annual_rate(0.3871, 3);
    CHECK(chained_reduction(std::vector{rate, rate, rate}) == Approx(0.3871).epsilon(1e-12));
}

TEST_CASE("reduction: improvement and progress towards a target (G-ENPI-1, G-TGT-1)", "[savings][reduction]")
{
    CHECK(100 * reduction(0.60, 0.48) == Approx(20.000).margin(5e-4));
    CHECK(100 * target_progress(0.60, 0.5814, 0.035) == Approx(88.571).margin(5e-4));
    CHECK(100 * reduction(1480, 1290) == Approx(12.8378).margin(5e-5)); // G-TAR-3
}

TEST_CASE("reduction: the flotation case, energy per unit against energy", "[savings][reduction]")
{
    CHECK(100 * absolute_reduction(0.45, 0.038) == Approx(42.910).margin(5e-4));
}

TEST_CASE("reduction: utilisation and cost change against a base", "[savings][reduction]")
{
    CHECK(utilisation_change(1.1321, 1) == Approx(0.1321));
    CHECK(relative_change(100, 75.65) == Approx(-0.2435));
}

TEST_CASE("reduction: a base or a number of years that means nothing gives no number", "[savings][reduction]")
{
    CHECK(std::isnan(reduction(0, 1)));
    CHECK(std::isnan(annual_rate(0.3, 0)));
    CHECK(std::isnan(annual_rate(1, 3)));
    CHECK(std::isnan(target_progress(1, 1, 0)));
    CHECK(std::isnan(utilisation_change(1, 0)));
    CHECK(std::isnan(relative_change(0, 1)));
}

TEST_CASE("motor_split: a motor class alone does not save 20 %", "[savings][motor_split]")
{
    auto const ie1 = split_saving(0.20, 0.933, 0.970);
    CHECK(100 * ie1.efficiency == Approx(3.814).margin(5e-4));
    CHECK(100 * split_saving(0.20, 0.954, 0.970).efficiency == Approx(1.649).margin(5e-4));
    CHECK(100 * ie1.speed_proportional == Approx(83.173).margin(5e-4));
    CHECK(100 * ie1.speed_cubic == Approx(94.043).margin(5e-4));
    CHECK(ie1.efficiency + ie1.demand == Approx(0.20));
}

TEST_CASE("motor_split: more than 10 % at the old speed is implausible", "[savings][motor_split]")
{
    CHECK(implausible(0.20, 1.0));
    CHECK_FALSE(implausible(0.20, 0.83));
    CHECK_FALSE(implausible(0.04, 1.0));
}
