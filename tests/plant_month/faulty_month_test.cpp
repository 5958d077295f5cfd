#include "agent/energy/energy_stage.hpp"
#include "core/aggregate_columns.hpp"
#include "faults.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

using namespace kilnwatt;
using namespace kilnwatt::plant_month;
using namespace std::chrono_literals;
using simulator::quantity;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true; // several times as slow
#else
constexpr bool sanitized = false;
#endif
constexpr milliseconds period = sanitized ? 60s : 30s;

/// What one fault must come to: the energy of the month within 0.5 % of the truth, or less than it and flagged.
struct expectation {
    std::string_view fault, device, column;
    std::vector<quantity> truth;     ///< summed
    double factor;                   ///< from the truth's unit to the column's
    std::vector<std::string> events; ///< kinds that must be noted of the device
    bool loses = false;              ///< energy that nobody measured is missing, and event and flag say so
    quality flag = quality::good;    ///< of the month
};

using enum quantity;

/// A part of the month that nobody knows. A sum of several meters names the worst of its causes: the site's load that
/// of the press meter, not the interpolated hours of the clock.
constexpr auto lost = quality::inputs_missing;

std::vector<expectation> const expected{
    {"night drop-out", "pv-roof-1", "active_energy.delta", {pv1_e}, 1e3, {}},
    {"sentinels for 3 h", "pv-roof-2", "active_energy.delta", {pv2_e}, 1e3, {}},
    {"over 2^32", "ball-mill-meter", "active_energy_import.delta", {mill_e}, 1e3, {"counter_rollover"}},
    {"over 2^16", "kiln-gas", "fuel_volume.delta", {kiln_gas}, 1, {"counter_rollover"}},
    {"over 32768", "press-drive", "active_energy.delta", {press_e_motor}, 1e3, {"counter_rollover"}},
    {"over its display", "compressor", "active_energy_import.delta", {compressor_e}, 1e3, {"counter_rollover"}},
    {"power stuck", "compressor", "active_energy_import.delta", {compressor_e}, 1e3, {"stuck", "energy_mismatch"}},
    {"reset to 0", "kiln-meter", "active_energy_import.delta", {kiln_e}, 1e3, {"counter_reset"}},
    {"meter exchanged", "kiln-heat", "thermal_energy.delta", {heat_q}, 1e3, {"meter_replaced"}, true, lost},
    {"meter exchanged, told", "pv-roof-2", "dc_energy.delta", {pv2_e_dc}, 1e3, {"meter_exchanged"}},
    {"heat flow reversed",
     "kiln-heat",
     "thermal_energy.delta",
     {heat_q},
     1e3,
     {"reversed_flow_or_sensors"},
     true,
     lost},
    {"float32 above 1 GWh", "grid-meter", "active_energy_import.delta", {grid_e_imp}, 1e3, {}},
    {"PV above load", "grid-meter", "active_energy_export.delta", {grid_e_exp}, 1e3, {}},
    {"words swapped once", "battery", "charge_energy.delta", {bat_e_cha}, 1e3, {"counter_spike"}},
    {"words swapped for 18 min", "battery", "discharge_energy.delta", {bat_e_dis}, 1e3, {"meter_replaced"}, true, lost},
    {"address beside it", "boiler", "steam_mass.delta", {steam_m}, 1e3, {"meter_replaced"}, true, lost},
    {"CT ratio changed", "press-meter", "active_energy_import.delta", {press_e}, 1e3, {"meter_replaced"}, false, lost},
    {"gateway silent 40 min", "ball-mill-meter", "active_energy_import.delta", {mill_e}, 1e3, {"counter_rollover"}},
    {"no production record 2 d", "production", "production_mass.delta", {production}, 1, {}},
    {"clock +1 h, -1 h", "site", "site.e_load", {mill_e, press_e, kiln_e, compressor_e, other_e}, 1, {}, false, lost},
    {"inverter throttled", "pv-roof-1", "dc_energy.delta", {pv1_e_dc}, 1e3, {}},
    {"voltage unbalanced", "compressor", "volume.delta", {compressor_air}, 1, {"voltage_unbalance"}},
    {"all of it", "site", "pv.e", {pv1_e, pv2_e}, 1, {}},
};

struct month {
    std::vector<row> rows;                                    ///< of the month itself
    std::map<std::string, std::map<std::string, int>> events; ///< device, kind, how often
    simulator::ledger truth;
    int throttled = 0; ///< polls of an inverter that gave all it may
};

month run_month()
{
    utc_time const start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} - 8h};
    auto const end = start + 30 * 24h;
    ceramics_feed feed{3, start, period};
    auto model = ceramics_model();
    model.close_delay_ms = static_cast<int>(milliseconds{period + 15s}.count());
    fault_injector::prepare(feed, model);
    fault_injector faults{start};
    energy::energy_stage stage{model};
    month m;
    auto const take = [&](std::vector<row> rows) {
        for (auto& r : rows) {
            if (r.layout->kind == stream::event)
                ++m.events[r.texts.at(1)][r.texts.at(0)];
            if (r.layout->kind == stream::window_month || r.layout->kind == stream::kpi_month)
                m.rows.push_back(std::move(r));
        }
    };
    while (feed.now() < end + 10min) {
        if (feed.now() == end)
            m.truth = feed.plant().since_start();
        feed.next_period([&](row&& r) {
            m.throttled += feed.plant().state().pv[0].state == simulator::inverter_state::throttled ? 1 : 0;
            faults.change(r, feed.plant());
            if (auto const told = faults.told())
                stage.fold(*told);
            stage.fold(r);
        });
        auto now = stamp_of(feed.now());
        now.utc = faults.wall_clock(now.utc);
        take(stage.advance(now));
    }
    return m;
}

struct outcome {
    double truth = 0, agent = 0;
    quality q = quality::no_data;
    double error() const { return truth == 0 ? 0 : agent / truth - 1; }
};

outcome outcome_of(month const& m, expectation const& e)
{
    outcome o;
    for (auto const q : e.truth)
        o.truth += m.truth[q] * e.factor;
    for (auto const& r : m.rows)
        for (std::size_t i = 0; r.layout->device == e.device && i < r.cells.size(); ++i)
            if (r.layout->columns[i].name == e.column) {
                o.agent = scaled_number(r, i);
                o.q = r.cells[i].q;
            }
    return o;
}

std::string noted(month const& m, std::string_view device)
{
    std::string all;
    if (auto const at = m.events.find(std::string{device}); at != m.events.end())
        for (auto const& [kind, n] : at->second)
            all += fmt::format("{}{}{}", all.empty() ? "" : ", ", kind, n > 1 ? fmt::format(" x{}", n) : "");
    return all;
}

} // namespace

TEST_CASE("a month with every fault: each energy agrees with the truth, or says why it cannot", "[fault][month]")
{
    auto const m = run_month();
    auto table = fmt::format("{:<25}{:<17}{:>13}{:>13}{:>9}  {:<28}{}\n", "fault", "device", "truth", "agent", "error",
                             "quality", "noted");
    for (auto const& e : expected) {
        auto const o = outcome_of(m, e);
        table +=
            fmt::format("{:<25}{:<17}{:>13.1f}{:>13.1f}{:>8.3f}%  {:<28}{}\n", e.fault, e.device, o.truth / e.factor,
                        o.agent / e.factor, 100 * o.error(), to_string(o.q), noted(m, e.device));
    }
    std::cout << table;
    std::set<std::pair<std::string, std::string>> causes; ///< device and kind
    for (auto const& e : expected) {
        auto const o = outcome_of(m, e);
        INFO(e.fault << ", " << e.device << ": truth " << o.truth << ", agent " << o.agent << ", "
                     << noted(m, e.device));
        REQUIRE(o.truth > 0);
        CHECK(to_string(o.q) == to_string(e.flag));
        for (auto const& kind : e.events) {
            CHECK(noted(m, e.device).find(kind) != std::string::npos);
            causes.emplace(e.device, kind);
        }
        if (e.loses) { // less than the truth, and noted
            CHECK(o.error() < 0.005);
            CHECK(o.error() > -0.02);
        } else {
            CHECK(std::abs(o.error()) <= 0.005);
        }
    }
    CHECK(m.throttled > 0);
    if (sanitized)
        return; // samples so far apart that a power and its counter differ by chance
    for (auto const& [device, kinds] : m.events)
        for (auto const& [kind, n] : kinds) {
            INFO(device << ": " << kind << " was noted " << n << " times without a fault");
            CHECK(causes.count({device, kind}) == 1);
        }
}
