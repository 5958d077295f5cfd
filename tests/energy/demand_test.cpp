#include "agent/energy/billing_month.hpp"
#include "agent/energy/byte_stream.hpp"
#include "agent/energy/plant_figures.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

constexpr instant day = 24 * hour;
instant const june = t0; ///< 2026-06-01, 00:00 UTC
instant const july = t0 + 30 * day;
instant const june_25 = t0 + 24 * day;

/// What a quarter of an hour says when the demand was this all the while.
figures demand_of(double kw, instant start)
{
    plant_model m;
    m.prices.emplace();
    m.prices->demand_price = 40;
    quantity q;
    q.value = kw;
    q.covered = {quarter};
    figures f;
    add_largest_demand(f, m, q, start + quarter);
    return f;
}

/// Quarters of an hour of 100 kW, with one peak.
void fill(billing_month& b, figures& month, instant from, instant to, instant peak_at, double peak)
{
    calendar const utc;
    for (auto t = from; t < to; t += quarter) {
        auto const f = demand_of(t == peak_at ? peak : 100, t);
        b.add(f, {t, t + quarter}, utc);
        if (t >= june)
            append_quarter(month, f, t, june);
    }
}

figure const& named(figures const& all, std::string_view name)
{
    for (auto const& f : all)
        if (f.name == name)
            return f;
    FAIL("no figure " << name);
    return all.front();
}

} // namespace

TEST_CASE("billing_month: a month has the largest demand of what its reading ended, and its charge",
          "[energy][billing_month]")
{
    instant const may_25 = june - 7 * day;
    billing_month b{25};
    figures month;
    fill(b, month, may_25, june_25, june + 12 * day, 580);
    byte_writer w;
    b.save(w);
    auto const bytes = w.take();
    billing_month again{25};
    byte_reader r{bytes};
    again.load(r);
    REQUIRE(r.at_end());
    fill(again, month, june_25, july, june_25 + day, 700); // belongs to the next bill
    again.settle(month, {june, july});

    auto const peak = finish(named(month, "grid.demand_max"), july - june);
    CHECK(peak.value == 580);
    CHECK(peak.at == june + 12 * day + quarter);
    CHECK(peak.q == quality::good);
    CHECK(peak.coverage == Approx(1).epsilon(1e-6));
    CHECK(finish(named(month, "cost.demand"), july - june).value == Approx(40 * 580));
}

TEST_CASE("billing_month: a month whose reading ended nothing that is known has no largest demand",
          "[energy][billing_month]")
{
    billing_month b{25};
    figures month;
    fill(b, month, june_25, july, june_25 + day, 700);
    b.settle(month, {june, july});
    CHECK_FALSE(finish(named(month, "grid.demand_max"), july - june).known);
}

TEST_CASE("billing_month: read on the first it is the calendar month", "[energy][billing_month]")
{
    billing_month b;
    figures month;
    fill(b, month, june, july, june_25 + day, 700);
    b.settle(month, {june, july});
    CHECK(finish(named(month, "grid.demand_max"), july - june).value == 700);
}

TEST_CASE("calendar: months from a reading day have the days of the month before it", "[energy][calendar]")
{
    calendar const china{{{0, 8 * hour}}, 0};
    auto const start = june_25 - 8 * hour;
    CHECK(china.month_from(25, start) == time_span{start, start + 30 * day});
    CHECK(china.month_from(25, start - 1) == time_span{start - 31 * day, start});
    CHECK(china.month_from(1, june) == china.window(period::month, june));
}

TEST_CASE("energy_stage: the largest demand of every period says when it was", "[energy][demand]")
{
    auto m = small_plant();
    auto const window = GENERATE(demand_window::sliding, demand_window::block);
    m.prices.emplace();
    m.prices->days.emplace_back();
    m.prices->window = window;
    energy_stage s{m};
    source const grid{"grid", {"active_power", "active_energy_import"}};
    std::vector<row> rows;
    auto kwh = 1000.0;
    for (instant ms = 0; ms <= 2 * hour; ms += minute) { // the peak lies over the edge of a quarter of an hour
        auto const kw = ms >= 50 * minute && ms < 65 * minute ? 600.0 : 60.0;
        s.fold(grid.at(ms, {1e3 * kw, 1e3 * kwh}));
        kwh += kw / 60;
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const of_quarter = [&](std::string_view name) {
        return figure_at(rows, stream::kpi_15m, 60 * minute, name).value_or(found{}).value;
    };
    auto const sliding = window == demand_window::sliding;
    CHECK(of_quarter("grid.demand_max") == Approx(sliding ? 600 : 240));
    CHECK(of_quarter("grid.demand_max.at") == static_cast<double>(t0 + (sliding ? 65 : 75) * minute));
    CHECK(figure_at(rows, stream::kpi_1h, 0, "grid.demand_max")->value == Approx(420));
    CHECK(figure_at(rows, stream::kpi_1h, 0, "grid.demand_max.at")->value == static_cast<double>(t0 + hour));
}
