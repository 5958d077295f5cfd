#include "cases.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::savings;

TEST_CASE("regression: the baseline of the 110 kW pump (G-MV-1)", "[savings][regression]")
{
    auto const m = test::fitted(test::pump_before()).model;
    CHECK(m.coefficients[0].value == Approx(414.670160).margin(5e-7));
    CHECK(m.coefficients[1].value == Approx(31.361282).margin(5e-7));
    CHECK(m.mean == Approx(1470.5).margin(5e-5));
    CHECK(m.r2 == Approx(0.998364).margin(5e-7));
    CHECK(100 * m.cv_rmse == Approx(0.6349).margin(5e-5));
    CHECK(m.nmbe == Approx(0).margin(1e-12));
    CHECK(m.coefficients[1].t == Approx(78.11).margin(5e-3));
}

TEST_CASE("regression: it finds the model that made the data, whatever the drivers' units", "[savings][regression]")
{
    std::mt19937 random{7};
    std::normal_distribution<double> noise{0, 1};
    for (std::size_t k = 0; k <= 4; ++k) {
        std::vector<double> truth{5'000};
        for (std::size_t i = 0; i < k; ++i)
            truth.push_back(3.0 * std::pow(100.0, static_cast<double>(i) - 2));
        std::vector<sample> samples;
        for (int n = 0; n < 60; ++n) {
            sample s{truth[0], {}};
            for (std::size_t i = 0; i < k; ++i) {
                s.drivers.push_back((50 + 10 * noise(random)) / truth[i + 1]);
                s.energy += truth[i + 1] * s.drivers.back();
            }
            s.energy += noise(random);
            samples.push_back(s);
        }
        std::string why;
        auto const m = fit(samples, why);
        INFO(k << " drivers: " << why);
        REQUIRE(m);
        for (std::size_t i = 0; i <= k; ++i) {
            CHECK(std::abs(m->coefficients[i].value - truth[i]) < 5 * m->coefficients[i].standard_error);
            CHECK(m->coefficients[i].t == Approx(m->coefficients[i].value / m->coefficients[i].standard_error));
        }
        CHECK(m->at(samples[3].drivers) == Approx(samples[3].energy).margin(6));
    }
}

TEST_CASE("regression: a line without noise has no error and an infinite t", "[savings][regression]")
{
    std::string why;
    auto const m = fit(std::vector<sample>{{1, {0}}, {3, {1}}, {5, {2}}, {7, {3}}}, why);
    REQUIRE(m);
    CHECK(m->coefficients[1].value == Approx(2));
    CHECK(m->cv_rmse == 0);
    CHECK(std::isinf(m->coefficients[1].t));
}

TEST_CASE("regression: data that determines no model is refused with the reason", "[savings][regression]")
{
    struct refusal {
        std::vector<sample> samples;
        std::string why;
    };
    auto const nan = std::nan("");
    std::vector<refusal> const all{
        {{}, "0 periods cannot determine 1 coefficients"},
        {{{1, {1}}, {2, {2}}}, "2 periods cannot determine 2 coefficients"},
        {{{1, {1}}, {2, {nan}}, {3, {3}}}, "a period has no number for the energy or for a driver"},
        {{{1, {1}}, {2, {}}, {3, {3}}}, "a period has no number for the energy or for a driver"},
        {{{5, {1}}, {5, {2}}, {5, {3}}}, "the energy is the same in every period"},
        {{{-5, {1}}, {-6, {2}}, {-5, {3}}}, "the mean energy is not above 0"},
        {{{1, {4}}, {2, {4}}, {3, {4}}}, "driver 1 is the same in every period"},
        {{{1, {1, 2}}, {2, {2, 4}}, {4, {3, 6}}, {5, {5, 10}}}, "one driver follows from the others: leave one out"},
    };
    for (auto const& r : all) {
        std::string why;
        CHECK_FALSE(fit(r.samples, why));
        CHECK(why == r.why);
    }
}
