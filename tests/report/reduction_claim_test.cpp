#include "agent/report/reduction_claim.hpp"

#include "stored_plant.hpp"

using namespace kilnwatt;
using namespace kilnwatt::report;

namespace {

/// kgce/t of a year as its electricity and product, as they were billed and counted.
void enter(entries::entry_book& typed, std::string const& year, double kgce_per_t)
{
    typed.add({"electricity", "kWh", year, kgce_per_t * 1000 / 0.1229, "bill", "Li", 0});
    typed.add({"production", "t", year, 1000, "MES", "Li", 0});
}

} // namespace

TEST_CASE("reduction: 200 to 122.58 kgce/t is 38.71 %, and its yearly rate depends on N (G-CUM-1)", "[report]")
{
    entries::entry_book typed;
    for (auto const* year : {"2020", "2021"})
        enter(typed, year, 200);
    enter(typed, "2023", 122.58);
    energy::plant_model const plant;
    std::string why;
    auto const end = intensity_of("2023", nullptr, typed, plant, why);
    REQUIRE(end);
    CHECK(end->value == Approx(122.58));
    CHECK(end->unit == "kgce/t");
    CHECK(end->sources.find("bill, Li") != std::string::npos);
    CHECK(end->sources.find("0.1229 kgce/kWh (GB/T 2589-2020)") != std::string::npos);

    auto const of_2020 = claim_of(*intensity_of("2020", nullptr, typed, plant, why), *end, typed, why);
    REQUIRE(of_2020);
    CHECK(of_2020->years == 3);
    CHECK(100 * of_2020->cumulative == Approx(38.71).margin(5e-3));
    CHECK(100 * of_2020->yearly == Approx(15.0566).margin(5e-5));
    auto const of_2021 = claim_of(*intensity_of("2021", nullptr, typed, plant, why), *end, typed, why);
    CHECK(of_2021->years == 2);
    CHECK(100 * of_2021->yearly == Approx(21.7121).margin(5e-5));
}

TEST_CASE("reduction: carriers that were bought add up (G-TCE-1)", "[report]")
{
    entries::entry_book typed;
    typed.add({"electricity", "kWh", "2020", 120'000, "bill", "Li", 0});
    typed.add({"natural_gas", "m3", "2020", 35'000, "bill", "Li", 0});
    typed.add({"heat", "GJ", "2020", 500, "bill", "Li", 0});
    typed.add({"fresh_water", "t", "2020", 2000, "bill", "Li", 0});
    typed.add({"production", "t", "2020", 480, "MES", "Li", 0});
    std::string why;
    auto const e = intensity_of("2020", nullptr, typed, {}, why);
    REQUIRE(e);
    CHECK(e->value == Approx(155.8806).margin(5e-5));
}

TEST_CASE("reduction: a year without energy or product is refused with what to do", "[report]")
{
    entries::entry_book typed;
    std::string why;
    CHECK_FALSE(intensity_of("2020", nullptr, typed, {}, why));
    CHECK(why == "2020: no energy is stored or entered for that year; enter it with `kilnwatt import`");
    typed.add({"electricity", "kWh", "2020", 120'000, "bill", "Li", 0});
    CHECK_FALSE(intensity_of("2020", nullptr, typed, {}, why));
    CHECK(why.find("2020: no production") == 0);
    enter(typed, "2019", 200);
    auto const end = intensity_of("2019", nullptr, typed, {}, why);
    CHECK_FALSE(claim_of(*end, *end, typed, why));
    CHECK(why == "the base 2019 is not before 2019");
}

TEST_CASE("reduction: material and cost of both years give their changes", "[report]")
{
    entries::entry_book typed;
    enter(typed, "2020", 200);
    enter(typed, "2023", 150);
    typed.add({"material", "t", "2020", 1300, "ERP", "Li", 0});
    typed.add({"material", "t", "2023", 1300 / 1.1988, "ERP", "Li", 0});
    typed.add({"operating_cost", "CNY", "2020", 2e6, "ledger", "Li", 0});
    typed.add({"operating_cost", "CNY", "2023", 2e6 * (1 - 0.2435), "ledger", "Li", 0});
    std::string why;
    auto const c = claim_of(*intensity_of("2020", nullptr, typed, {}, why),
                            *intensity_of("2023", nullptr, typed, {}, why), typed, why);
    REQUIRE(c);
    REQUIRE(c->changes.size() == 3);
    CHECK(c->changes[0].value == Approx(200.0 / 150 - 1));
    CHECK(c->changes[1].value == Approx(0.1988));
    CHECK(c->changes[2].value == Approx(-0.2435));
}
