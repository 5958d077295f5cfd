#include "agent/energy/plant_figures.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

using namespace kilnwatt;
using namespace kilnwatt::energy;

namespace {

using enum tariff_period;

constexpr instant day = 24 * hour;
constexpr instant china = 8 * hour;
constexpr instant july_1 = 20'635 * day - china; ///< 2026-07-01 00:00 in Liling

/// Winter and summer of the Hunan example: sharp 18:00 to 22:00 in some months.
tariff hunan()
{
    tariff t;
    auto const fill = [](tariff_day& d, int from_hour, int to_hour, tariff_period p) {
        std::fill(d.minutes.begin() + 60 * from_hour, d.minutes.begin() + 60 * to_hour, p);
    };
    tariff_day rest;
    rest.minutes.fill(flat);
    fill(rest, 0, 7, valley);
    fill(rest, 11, 14, peak);
    fill(rest, 18, 23, peak);
    fill(rest, 23, 24, valley);
    auto hot = rest;
    hot.months = {1, 7, 8, 9, 12};
    fill(hot, 18, 22, sharp);
    t.days = {hot, rest};
    auto const flat_price = 0.65;
    t.price = {flat_price * 1.6 * 1.2, flat_price * 1.6, flat_price, flat_price * 0.4, std::nullopt};
    return t;
}

/// A grid meter and a battery, and what they counted in minutes of hand-made windows.
struct priced_plant {
    priced_plant()
    {
        model.devices = {test::device("grid", role::grid), test::device("battery", role::battery)};
        model.local_time = calendar{{{0, china}}, 0};
        model.prices = hunan();
    }

    /// `since`: when what it counted began, where that is before the minute.
    void minute_at(instant t, double imported_kwh, double charged_kwh = 0, double discharged_kwh = 0,
                   std::optional<instant> since = {})
    {
        auto const counter = [&](char const* name, double kwh) {
            counter_delta const gain{1000 * kwh, true,          since.value_or(t), minute,
                                     !since,     quality::good, method::counter};
            return device_window::counter{name, "Wh", true, gain};
        };
        device_window const grid{t, t + minute, {}, {counter("active_energy_import", imported_kwh)}};
        device_window const battery{
            t, t + minute, {}, {counter("charge_energy", charged_kwh), counter("discharge_energy", discharged_kwh)}};
        std::vector<device_window const*> const all{&grid, &battery};
        append(sums, plant_figures({&model, all, floor_to(t, quarter)}));
        length += minute;
    }

    double value(std::string_view name) const
    {
        for (auto const& f : sums)
            if (f.name == name)
                return finish(f, length).value;
        FAIL("no figure " << name);
        return 0;
    }

    plant_model model;
    figures sums;
    instant length = 0;
};

std::string printed(double v, char const* format)
{
    char text[64];
    std::snprintf(text, sizeof text, format, v);
    return text;
}

} // namespace

TEST_CASE("tariff: G-TAR-1, a day by sharp, peak, flat and valley costs what the bill says", "[energy][tariff]")
{
    priced_plant p;
    p.minute_at(july_1 + 19 * hour, 800);
    p.minute_at(july_1 + 12 * hour, 2400);
    p.minute_at(july_1 + 8 * hour, 3600);
    p.minute_at(july_1 + 2 * hour, 4200);

    CHECK(printed(p.value("cost.energy"), "%.2f") == "6926.40");
    CHECK(printed(p.value("cost.avg_price"), "%.5f") == "0.62967");
    CHECK(printed(p.value("cost.valley_share"), "%.4f") == "38.1818");
    CHECK(p.value("cost.e_sharp") == 800);
    CHECK(p.value("cost.e_peak") == 2400);
    CHECK(p.value("cost.e_flat") == 3600);
    CHECK(p.value("cost.e_valley") == 4200);
    auto const unused =
        std::any_of(p.sums.begin(), p.sums.end(), [](auto& f) { return f.name == "cost.e_deep_valley"; });
    CHECK_FALSE(unused);
}

TEST_CASE("tariff: G-TAR-2, a battery earns the difference of peak and valley", "[energy][tariff]")
{
    priced_plant p;
    p.minute_at(july_1 + 3 * hour, 0, 500);
    p.minute_at(july_1 + 13 * hour, 0, 0, 450);

    CHECK(printed(p.value("cost.arbitrage"), "%.2f") == "338.00");
}

TEST_CASE("tariff: the first kind of day that holds a date has its prices", "[energy][tariff]")
{
    auto t = hunan();
    tariff_day holiday;
    holiday.dates = {{20'635, 20'636}};
    holiday.weekdays = {4}; // 2026-07-02 is a Thursday
    holiday.minutes.fill(valley);
    t.days.insert(t.days.begin(), holiday);
    calendar const c{{{0, china}}, 0};

    CHECK(t.period_at(july_1 + 19 * hour, c) == sharp);
    CHECK(t.period_at(july_1 + day, c) == valley);
    CHECK(t.period_at(july_1 + day + 19 * hour, c) == valley);
    CHECK(t.period_at(july_1 + 2 * day + 19 * hour, c) == sharp);
    CHECK(t.period_at(july_1 + 92 * day + 19 * hour, c) == peak); // October
    CHECK(t.period_at(july_1 + 7 * hour - 1, c) == valley);
    CHECK(t.period_at(july_1 + 7 * hour, c) == flat);
}

TEST_CASE("tariff: a period that begins within a quarter of an hour has the energy of its minutes", "[energy][tariff]")
{
    priced_plant p;
    for (auto& d : p.model.prices->days)
        std::fill(d.minutes.begin() + 420, d.minutes.begin() + 430, valley); // until 07:10
    for (instant m = 0; m < 15; ++m)
        p.minute_at(july_1 + 7 * hour + m * minute, 3);
    CHECK(p.value("cost.e_valley") == Approx(30));
    CHECK(p.value("cost.e_flat") == Approx(15));
    CHECK(p.value("cost.energy") == Approx(30 * 0.26 + 15 * 0.65));
    CHECK(p.value("cost.valley_share") == Approx(100.0 * 2 / 3));
}

TEST_CASE("tariff: what a meter tells late in a quarter of an hour is split over its periods by time",
          "[energy][tariff]")
{
    priced_plant p;
    for (auto& d : p.model.prices->days)
        std::fill(d.minutes.begin() + 420, d.minutes.begin() + 430, valley);
    auto const last = july_1 + 7 * hour + 14 * minute;
    SECTION("of the quarter")
    {
        p.minute_at(last, 45, 0, 0, last - 14 * minute);
        CHECK(p.value("cost.e_valley") == Approx(30));
        CHECK(p.value("cost.energy") == Approx(30 * 0.26 + 15 * 0.65));
    }
    SECTION("and of a gap from before it")
    {
        p.minute_at(last, 450, 0, 0, last - 2 * hour);
        CHECK(p.value("cost.e_valley") == Approx(300));
    }
    SECTION("a battery's by when it was charged")
    {
        p.minute_at(last - 9 * minute, 0, 10);
        p.minute_at(last, 0, 0, 8);
        CHECK(p.value("cost.arbitrage") == Approx(8 * 0.65 - 10 * 0.26));
    }
}

TEST_CASE("tariff: the month's charge goes by the largest demand or by the capacity (G-TAR-3)", "[energy][tariff]")
{
    plant_model m;
    m.prices = hunan();
    quantity demand;
    demand.covered = {minute};
    figures sums;
    auto const month = [&](double kw) {
        demand.value = kw;
        figures one;
        add_demand_cost(one, m, demand);
        append(sums, one);
    };
    SECTION("by demand")
    {
        m.prices->demand_price = 38.4;
        for (auto const kw : {900.0, 1290.0, 1100.0})
            month(kw);
        CHECK(finish(sums.at(0), 3 * minute).value == Approx(38.4 * 1290));
    }
    SECTION("by capacity, whatever the demand")
    {
        m.prices->capacity_charge = 24'000;
        for (auto const kw : {900.0, 1290.0})
            month(kw);
        CHECK(finish(sums.at(0), 2 * minute).value == 24'000);
    }
    SECTION("and how far it is below the largest before peaks were shaved (G-TAR-3)")
    {
        m.prices->baseline_demand_kw = 1480;
        for (auto const kw : {900.0, 1290.0, 1100.0})
            month(kw);
        CHECK(sums.at(0).name == "cost.peak_shaving");
        CHECK(finish(sums.at(0), 3 * minute).value == Approx(12.8378).epsilon(1e-5));
        month(1554);
        CHECK(finish(sums.at(0), 4 * minute).value == Approx(-5));
    }
    SECTION("without a charge there is no figure")
    {
        month(900);
        CHECK(sums.empty());
    }
}
