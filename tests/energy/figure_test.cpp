#include "hand_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

quantity known(double value)
{
    quantity q;
    q.value = value;
    q.covered = {minute};
    return q;
}

} // namespace

TEST_CASE("figure: a ratio over time is a ratio of sums (G-AGG-2)", "[energy][figure]")
{
    figures sums;
    append(sums, {ratio("r", "%", known(80), known(100), {percent})});
    append(sums, {ratio("r", "%", known(1), known(10), {percent})});
    auto const v = value_of(sums, "r", 2 * minute);
    CHECK(v.value == Approx(73.636).epsilon(1e-5));
    CHECK(v.q == quality::good);
    CHECK(v.coverage == 1.0);
}

TEST_CASE("figure: a denominator below its floor gives no number", "[energy][figure]")
{
    auto const f = ratio("r", "%", known(0.1), known(0.19), {percent, {3, 12, 12}}); // 12 an hour: 0.2 a minute
    CHECK_FALSE(finish(f, minute).known);
    CHECK(finish(f, minute).q == quality::denominator_low);
    CHECK(finish(ratio("r", "%", known(0.1), known(0.21), {percent, {3, 12, 12}}), minute).known);
    CHECK(finish(ratio("r", "%", known(0), known(0), {percent}), minute).q == quality::denominator_low);
}

TEST_CASE("figure: a minute in which one side is missing counts for neither", "[energy][figure]")
{
    figures sums;
    for (int i = 0; i < 12; ++i)
        append(sums, {ratio("r", "", known(3), known(4), {})});
    for (int i = 0; i < 3; ++i)
        append(sums, {ratio("r", "", known(100), missing(quality::timeout), {})});
    auto const v = value_of(sums, "r", quarter);
    CHECK(v.value == 0.75);
    CHECK(v.coverage == Approx(0.8));
    CHECK(v.q == quality::low_coverage);
    append(sums, {ratio("r", "", missing(quality::timeout), known(4), {})});
    CHECK(finish(ratio("r", "", known(1), missing(quality::timeout), {}), minute).q == quality::timeout);
}

TEST_CASE("figure: a total is complete again when the energy of a gap has come", "[energy][figure]")
{
    figures sums;
    auto late = known(30);
    late.covered = {3 * minute};
    late.q = quality::gap_energy;
    late.whole = false;
    for (int i = 0; i < 12; ++i)
        append(sums, {total("e", "kWh", known(10) + known(1))});
    for (int i = 0; i < 2; ++i)
        append(sums, {total("e", "kWh", missing(quality::no_data) + known(1))});
    CHECK(finish(total("e", "kWh", missing(quality::no_data) + known(1)), minute).q == quality::no_data);
    append(sums, {total("e", "kWh", late + known(1))});
    auto const v = value_of(sums, "e", quarter);
    CHECK(v.value == 12 * 10 + 30 + 15);
    CHECK(v.coverage == 1.0);
    CHECK(v.q == quality::gap_energy);
}

TEST_CASE("figure: the largest of what has no parts is that of the others", "[energy][figure]")
{
    auto nothing = largest("d", "kW", missing(quality::no_data));
    nothing.covered.clear(); // as in a snapshot that was damaged
    figures sums{largest("d", "kW", known(400))};
    append(sums, {nothing});
    CHECK(value_of(sums, "d").value == 400);
    figures none{nothing};
    append(none, {largest("d", "kW", known(-5))});
    CHECK(value_of(none, "d").value == -5);
}

TEST_CASE("figure: the largest of a month is the largest of its days", "[energy][figure]")
{
    figures sums;
    append(sums, {largest("d", "kW", missing(quality::no_data))});
    for (auto const kw : {-5.0, 580.0, 300.0})
        append(sums, {largest("d", "kW", known(kw))});
    append(sums, {largest("d", "kW", missing(quality::no_data))});
    figures month;
    append_quarter(month, sums, base, base);
    append_quarter(month, {largest("d", "kW", known(410))}, base + quarter, base);
    REQUIRE(month.size() == 1);
    CHECK(month.front().numerator == 580);
}
