#include "agent/energy/balance_hint.hpp"

#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// PV 120 kW, grid 40 kW; the mill takes 100 kW and the press 60 kW: nothing is without a meter.
struct closed_plant {
    source roof{"roof", {"active_power", "active_energy"}};
    source grid{"grid", {"active_power", "active_energy_import", "active_energy_export"}};
    source mill{"mill", {"active_power", "active_energy_import", "active_energy_export"}};
    source press{"press", {"active_power", "active_energy_import"}};

    plant_model model() const
    {
        plant_model m;
        m.devices = {device("roof", role::pv), device("grid", role::grid), device("mill", role::load),
                     device("press", role::load)};
        m.all_loads_metered = true;
        return m;
    }

    /// `mill_sign` and `press_share`: how the two meters read.
    std::vector<row> hours(int n, double mill_sign, double press_share, energy_stage& s) const
    {
        std::vector<row> rows;
        for (std::int64_t ms = 0; ms < (60 * n + 2) * minute_ms; ms += 10 * second) {
            auto const h = static_cast<double>(ms) / 3.6e6 + 1000;
            s.fold(roof.at(ms, {120e3, 120e3 * h}));
            s.fold(grid.at(ms + 1, {40e3, 40e3 * h, 7e6}));
            s.fold(
                mill.at(ms + 2, {mill_sign * 100e3, mill_sign > 0 ? 100e3 * h : 5e6, mill_sign > 0 ? 0 : 100e3 * h}));
            s.fold(press.at(ms + 3, {press_share * 60e3, press_share * 60e3 * h}));
            for (auto& r : s.advance(time_at(ms + 500)))
                rows.push_back(std::move(r));
        }
        return rows;
    }
};

std::vector<std::string> events_of(std::vector<row> const& rows)
{
    std::vector<std::string> all;
    for (auto const& r : rows)
        if (r.layout->kind == stream::event)
            all.push_back(r.texts.at(0) + " " + r.texts.at(1) + ": " + r.texts.at(2));
    return all;
}

} // namespace

TEST_CASE("balance: residual and share of an interval (G-BAL-1)", "[energy][balance]")
{
    std::vector<meter_part> const parts{{"pv", 820, {}},        {"grid", 430, {}},    {"battery", 60, {}},
                                        {"waste heat", 45, {}}, {"loads", -1250, {}}, {"charge", -70, {}},
                                        {"loss", -25, {}}};
    auto const s = sides_of(parts);
    CHECK(s.residual == Approx(10));
    CHECK(100 * s.share() == Approx(0.7380).margin(5e-5));
    CHECK_FALSE(find_misfit(parts));
}

TEST_CASE("balance: the meter that does not fit is named with its mistake", "[energy][balance]")
{
    auto const parts = [](double grid, double mill, double press) {
        return std::vector<meter_part>{
            {"roof", 120, {}}, {"grid", grid, -grid}, {"mill", mill, {}}, {"press", press, {}}};
    };
    CHECK_FALSE(find_misfit(parts(60, -100, -80)));
    auto const reversed = find_misfit(parts(-60, -100, -80));
    REQUIRE(reversed);
    CHECK(reversed->meter == "grid");
    CHECK(reversed->mistake == "turned round");
    CHECK(reversed->share == Approx(0).margin(1e-9));
    auto const phase = find_misfit(parts(60, -100.0 / 3, -80));
    REQUIRE(phase);
    CHECK(phase->meter == "mill");
    CHECK(phase->mistake == "one phase turned round");
    auto const missing = find_misfit(parts(60, -100, -80 * 2.0 / 3));
    REQUIRE(missing);
    CHECK(missing->meter == "press");
    CHECK(missing->mistake == "one phase missing");
    CHECK_FALSE(find_misfit(parts(60, -57, -80))); // no single mistake explains it
    CHECK_FALSE(find_misfit(std::vector<meter_part>{{"a", 100, {}}, {"b", -25, {}}, {"c", -25, {}}})); // two would
}

TEST_CASE("balance: a plant whose loads all have meters says how far its balance closes", "[energy][balance]")
{
    closed_plant const p;
    energy_stage s{p.model()};
    auto const rows = p.hours(1, 1, 1, s);
    CHECK(figure_at(rows, stream::kpi_1h, 0, "site.balance_residual")->value == Approx(0).margin(0.5));
    CHECK(figure_at(rows, stream::kpi_1h, 0, "site.balance_eps")->value == Approx(0).margin(0.3));
    CHECK(figure_at(rows, stream::kpi_1h, 0, "site.e_load")->value == Approx(160).epsilon(2e-3));
    CHECK_FALSE(figure_at(rows, stream::kpi_1h, 0, "site.unmetered"));
    CHECK(events_of(rows).empty());
}

TEST_CASE("balance: a meter with its CTs turned round is found, by its sign and by the balance", "[energy][balance]")
{
    closed_plant const p;
    energy_stage s{p.model()};
    auto const rows = p.hours(3, -1, 1, s);
    auto const events = events_of(rows);
    REQUIRE(events.size() == 2); // once, not every hour
    CHECK(events[0].rfind("reversed_meter mill: mill measures -100.0 kW, but it consumes: its CTs are turned round",
                          0) == 0);
    CHECK(events[1].find("balance_error site: sources and uses differ by ") == 0);
    CHECK(events[1].find("; mill with its CTs turned round would leave 0.0 %: look at its CTs") != std::string::npos);
    auto const eps = figure_at(rows, stream::kpi_1h, hour, "site.balance_eps");
    CHECK(eps->value == Approx(62.5).epsilon(1e-3));
    CHECK(eps->q == quality::balance_error);
    CHECK(figure_at(rows, stream::kpi_1h, hour, "site.autarky")->q == quality::balance_error);
    CHECK(figure_at(rows, stream::kpi_1h, hour, "pv.e")->q == quality::good);
}

TEST_CASE("balance: from 3 to 5 % it is a warning without a guess", "[energy][balance]")
{
    closed_plant const p;
    energy_stage s{p.model()};
    auto const events = events_of(p.hours(1, 1, 0.89, s)); // 6.6 of 160 kWh
    REQUIRE(events.size() == 1);
    CHECK(events[0].find("balance_warning site: sources and uses differ by 6.") == 0);
    CHECK(events[0].find("CTs") == std::string::npos);
}

TEST_CASE("balance: a meter that lost a phase is found by the balance alone", "[energy][balance]")
{
    closed_plant const p;
    energy_stage s{p.model()};
    auto const events = events_of(p.hours(2, 1, 2.0 / 3, s));
    REQUIRE(events.size() == 1);
    CHECK(events[0].find("press with one phase missing would leave 0.0 %") != std::string::npos);
}
