#include "small_plant.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

std::string catalogue()
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/docs/metrics.md"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// id -> unit of the catalogue's table.
std::map<std::string, std::string> listed()
{
    std::map<std::string, std::string> found;
    auto const text = catalogue();
    std::regex const line{R"re(\| `([a-z0-9_.]+)` \| ([^|]+) \|)re"};
    for (std::sregex_iterator m{text.begin(), text.end(), line}, end; m != end; ++m)
        found[(*m)[1]] = (*m)[2];
    return found;
}

/// Every figure that the catalogue must know, but those of savings and reports.
constexpr std::string_view appendix[]{"pv.p",
                                      "pv.p_dc",
                                      "pv.e",
                                      "pv.e_dc",
                                      "pv.h_poa",
                                      "pv.yr",
                                      "pv.ya",
                                      "pv.yf",
                                      "pv.lc",
                                      "pv.ls",
                                      "pv.pr",
                                      "pv.pr_stc",
                                      "pv.pr_annual",
                                      "pv.eta_inv",
                                      "pv.eta_eu",
                                      "pv.eta_cec",
                                      "pv.cf_ac",
                                      "pv.cf_dc",
                                      "pv.specific_yield",
                                      "pv.self_consumption",
                                      "site.autarky",
                                      "pv.e_curtailed",
                                      "pv.availability",
                                      "pv.data_availability",
                                      "pv.p_night",
                                      "grid.p",
                                      "grid.q",
                                      "grid.e_imp",
                                      "grid.e_exp",
                                      "grid.eq_imp",
                                      "grid.eq_exp",
                                      "grid.pf",
                                      "grid.demand",
                                      "grid.demand_max",
                                      "grid.thd_u",
                                      "grid.thd_i",
                                      "grid.thd_u_max",
                                      "grid.thd_u_p95",
                                      "grid.thd_i_max",
                                      "grid.thd_i_p95",
                                      "grid.vuf",
                                      "grid.freq",
                                      "bat.p",
                                      "bat.soc",
                                      "bat.e_cha",
                                      "bat.e_dis",
                                      "bat.eta_rt",
                                      "heat.q",
                                      "heat.p",
                                      "heat.v",
                                      "heat.t_in",
                                      "heat.t_out",
                                      "heat.dt",
                                      "heat.k_check",
                                      "whr.q_rec",
                                      "whr.q_avail",
                                      "whr.recovery_rate",
                                      "whr.recovery_eff",
                                      "whr.p",
                                      "whr.e",
                                      "steam.m",
                                      "steam.q",
                                      "boiler.eta",
                                      "boiler.sgc",
                                      "kiln.sec",
                                      "kiln.conformity",
                                      "kiln.pv",
                                      "kiln.sp",
                                      "motor.p_in",
                                      "motor.p_shaft",
                                      "motor.eta",
                                      "motor.lf",
                                      "motor.run_h",
                                      "motor.starts",
                                      "motor.v_unb",
                                      "motor.i_unb",
                                      "drive.loss",
                                      "drive.eta",
                                      "mach.sec",
                                      "trf.beta",
                                      "trf.loss",
                                      "trf.e_loss",
                                      "trf.eta",
                                      "site.e_load",
                                      "site.e_loss",
                                      "site.balance_residual",
                                      "site.balance_eps",
                                      "site.unmetered",
                                      "site.re_share",
                                      "site.pv_first",
                                      "cost.energy",
                                      "cost.demand",
                                      "cost.avg_price",
                                      "cost.arbitrage",
                                      "tce.total",
                                      "tce.by_carrier",
                                      "tce.unit",
                                      "co2.total",
                                      "co2.unit",
                                      "co2.avoided_pv"};

} // namespace

TEST_CASE("metrics: docs/metrics.md names every figure of the catalogue, computed or not", "[energy][metrics]")
{
    auto const text = catalogue();
    REQUIRE(listed().size() > 50);
    for (auto const id : appendix) {
        INFO(id);
        CHECK(text.find('`' + std::string{id} + '`') != std::string::npos);
    }
}

TEST_CASE("metrics: what a plant publishes stands in docs/metrics.md with its unit", "[energy][metrics]")
{
    auto const table = listed();
    auto model = small_plant();
    tariff_day all_day;
    all_day.minutes.fill(tariff_period::flat);
    model.prices.emplace();
    model.prices->days = {all_day};
    model.prices->price.fill(0.65);
    energy_stage s{model};
    auto rows = run(s, 0, 31 * minute_ms);
    auto seen = 0;
    for (auto const& r : rows)
        for (auto const& c : r.layout->columns) {
            auto const group = c.name.substr(0, c.name.find('.'));
            auto const of_device = std::any_of(model.devices.begin(), model.devices.end(), [&](device_model const& d) {
                return d.name == group || "device_" + d.name == group;
            });
            auto const part = c.name.ends_with(".coverage") || c.name.ends_with(".method");
            if (r.layout->kind != stream::kpi_15m || of_device || part || group == c.name)
                continue;
            ++seen;
            INFO(c.name);
            REQUIRE(table.count(c.name) == 1);
            CHECK(table.at(c.name) == (c.unit.empty() ? "1" : c.unit));
        }
    CHECK(seen > 15);
}
