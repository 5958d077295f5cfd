#include "agent/savings/baseline_json.hpp"
#include "cases.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::savings;

TEST_CASE("baseline_json: a frozen baseline comes back with every digit", "[savings][baseline_json]")
{
    auto b = test::fitted(test::pump_before());
    b.id = "pump";
    auto const back = baseline_from_json(to_json(b));
    REQUIRE(back);
    CHECK(to_json(*back) == to_json(b));
    CHECK(back->model.coefficients[1].value == b.model.coefficients[1].value);
    CHECK(savings_of(*back, test::pump_after(), {}, 0.9).saved == savings_of(b, test::pump_after(), {}, 0.9).saved);
}

TEST_CASE("baseline_json: the infinite t of an exact fit is kept, a text that is none is refused",
          "[savings][baseline_json]")
{
    auto const exact = test::fitted(test::days("2026-03", {1, 2, 3, 4}, {3, 5, 7, 9}));
    auto const back = baseline_from_json(to_json(exact));
    REQUIRE(back);
    CHECK(std::isinf(back->model.coefficients[1].t));
    for (auto const* text : {"", "[]", "{}", R"({"id":"a"})"})
        CHECK_FALSE(baseline_from_json(text));
}
