#include "simulator/plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace kilnwatt;
using namespace kilnwatt::simulator;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using enum kilnwatt::simulator::quantity;

namespace {

utc_time const midsummer{sys_days{2026y / std::chrono::June / 21} - 8h}; ///< midnight at the plant

std::map<std::string, double> named(ledger const& l)
{
    std::map<std::string, double> out;
    for (auto const& f : figures_of(l))
        out.emplace(f.name, f.value);
    return out;
}

} // namespace

TEST_CASE("plant: the energy of a day balances", "[simulator][plant]")
{
    auto const seed = GENERATE(1u, 2u, 3u);
    plant p{seed, midsummer};
    p.advance_to(midsummer + 24h);
    auto const l = p.since_start();
    auto const f = named(l);

    auto const in = f.at("pv.e") + f.at("grid.e_imp") + f.at("bat.e_dis");
    auto const out = f.at("site.e_load") + f.at("grid.e_exp") + f.at("bat.e_cha") + f.at("site.e_loss");
    CHECK(in == Approx(out).epsilon(1e-9));
    // The grid meter is the transformer's meter and its losses.
    CHECK(l[grid_e_imp] - l[grid_e_exp] == Approx(l[trf_e_imp] - l[trf_e_exp] + l[trf_e_loss]).epsilon(1e-9));
    CHECK(l[trf_e_loss] > 24 * 0.83);
    // The cells lose a share each way.
    CHECK(l[bat_stored] == Approx(l[bat_e_cha] * 0.955 - l[bat_e_dis] / 0.955).margin(1e-6));
    CHECK(l[bat_stored] ==
          Approx(400 * (p.state().battery_soc - plant{seed, midsummer}.state().battery_soc)).margin(0.1));

    CHECK(l[mill_e_shaft] < l[mill_e_motor]);
    CHECK(l[mill_e_motor] < l[mill_e]);
    CHECK(l[press_e_shaft] < l[press_e_motor]);
    CHECK(l[press_e_motor] < l[press_e]);
    CHECK(f.at("pv.e") < f.at("pv.e_dc"));
    CHECK(l[pv_e_reference_stc] * 0.98 > f.at("pv.e_dc"));
    CHECK(l[heat_q] < l[whr_q_extracted]);
    CHECK(l[whr_q_extracted] < l[whr_q_available]);
}

TEST_CASE("plant: the figures of a day are those of a ceramics plant", "[simulator][plant]")
{
    auto const seed = GENERATE(11u, 12u, 13u, 14u);
    auto const start = GENERATE_COPY(midsummer, midsummer + std::chrono::days{183});
    plant p{seed, start};
    p.advance_to(start + 24h);
    auto const f = named(p.since_start());

    auto const tonnes = f.at("production.m");
    CHECK(tonnes > 40);
    CHECK(tonnes < 56);
    auto const specific = f.at("tce.total") / tonnes;
    CHECK(specific > 150);
    CHECK(specific < 250);
    CHECK(f.at("kiln-gas.v") == Approx(4800).epsilon(0.06));
    CHECK(f.at("boiler.v") / f.at("steam.m") == Approx(77.5).epsilon(0.03));
    CHECK(f.at("pv.e") / 500 > 0.5);
    CHECK(f.at("pv.e") / 500 < 7.5);
    auto const ratio = f.at("pv.e") / f.at("pv.e_reference");
    CHECK(ratio > 0.75);
    CHECK(ratio < 0.97);
    CHECK(f.at("heat.q") / f.at("whr.q_avail") == Approx(0.5).margin(0.1));
    CHECK(f.at("site.e_load") > 6000);
    CHECK(f.at("site.e_load") < 10'000);
}

TEST_CASE("plant: every second of a day stays within its limits", "[simulator][plant]")
{
    plant p{21, midsummer};
    auto const first = p.since_start();
    auto before = first;
    for (int second = 1; second <= 86'400; ++second) {
        p.advance_to(midsummer + std::chrono::seconds{second});
        auto const& s = p.state();
        auto const now = p.since_start();
        for (std::size_t i = 0; i < quantity_count; ++i)
            if (static_cast<quantity>(i) != bat_stored && now.value[i] < before.value[i])
                FAIL(meaning_of(static_cast<quantity>(i)).name << " fell");
        before = now;
        auto const pv_w = s.pv[0].ac_w + s.pv[1].ac_w;
        if (s.sky.sun_elevation <= 0 && pv_w != 0)
            FAIL("the sun is down and the roofs give power");
        if (s.pv[0].ac_w > 250e3 * 1.000001 || s.pv[1].ac_w > 175e3 * 1.000001)
            FAIL("an inverter passes its rating");
        if (s.battery_soc < 0.0999 || s.battery_soc > 0.9501 || std::abs(s.battery_w) > 200e3)
            FAIL("battery");
        if (s.kiln.temperature_c < 1165 || s.kiln.temperature_c > 1195 || s.kiln.supply_c < s.kiln.return_c + 10)
            FAIL("kiln");
        if (s.kiln.flue_out_c < s.kiln.return_c || s.kiln.flue_out_c > s.kiln.flue_in_c)
            FAIL("flue gas");
        if (s.supply.hz < 49.8 || s.supply.hz > 50.2 || s.supply.low_v[0] < 215 || s.supply.low_v[0] > 245)
            FAIL("supply");
        if (s.transformer.apparent_va() > 1000e3 || s.loads.press.speed_rpm > 1488.001 ||
            s.loads.compressor.pressure_pa > 740e3)
            FAIL("machines");
    }
    CHECK(before[pv1_e] > 0);
    CHECK(before[grid_e_exp] > 0);
    CHECK(before[bat_e_cha] > 0);
    CHECK(before[bat_e_dis] > 0);
}

TEST_CASE("plant: the same seed gives the same day, however often somebody looks", "[simulator][plant]")
{
    plant once{5, midsummer};
    plant often{5, midsummer};
    plant other{6, midsummer};
    auto const end = midsummer + 9h + 250ms;
    once.advance_to(end);
    other.advance_to(end);
    for (auto t = midsummer; t < end; t += 317ms)
        often.advance_to(t);
    often.advance_to(end);
    CHECK(once.since_start() == often.since_start());
    CHECK(once.counter(grid_e_imp) == often.counter(grid_e_imp));
    CHECK_FALSE(once.since_start() == other.since_start());
}

TEST_CASE("plant: a counter rises within the second by the power that is shown", "[simulator][plant]")
{
    plant p{8, midsummer};
    p.advance_to(midsummer + 4h);
    auto const before = p.counter(kiln_e);
    auto const power = p.state().loads.kiln_fans.p_w;
    p.advance_to(midsummer + 4h + 500ms);
    CHECK(p.state().loads.kiln_fans.p_w == power);
    CHECK(p.counter(kiln_e) - before == Approx(power * 0.5 / 3.6e6).epsilon(1e-4));
    p.advance_to(midsummer); // time that goes back changes nothing
    CHECK(p.now() == midsummer + 4h + 500ms);
}

TEST_CASE("plant: every full minute is told, with the sums up to it", "[simulator][plant]")
{
    plant p{9, midsummer + 25s};
    std::vector<std::pair<utc_time, ledger>> told;
    p.on_minute = [&](utc_time t, ledger const& l) { told.emplace_back(t, l); };
    p.advance_to(midsummer + 10min + 30s);
    REQUIRE(told.size() == 10);
    CHECK(told.front().first == midsummer + 1min);
    CHECK(told.back().first == midsummer + 10min);
    plant same{9, midsummer + 25s};
    same.advance_to(midsummer + 10min);
    CHECK(told.back().second == same.since_start());
}

TEST_CASE("truth: a record names its figures as the metric catalogue does", "[simulator][truth]")
{
    ledger l;
    l[grid_e_imp] = 120'000;
    l[kiln_gas] = 30'000;
    l[boiler_gas] = 5'000;
    l[mill_e] = 1.5;
    auto const f = named(l);
    CHECK(f.at("tce.total") == Approx(14'748.0 + 42'500.5));
    CHECK(f.at("key.e") == 1.5);

    auto const header = truth_csv_header();
    auto const line = truth_csv_line(midsummer, l);
    CHECK(std::count(header.begin(), header.end(), ',') == std::count(line.begin(), line.end(), ','));
    CHECK(header.substr(0, 14) == "utc_ms,pv-roof");
    CHECK(line.substr(0, 14) == "1781971200000,");

    auto const json = truth_json({midsummer, midsummer + 1h}, 3, l);
    CHECK(json.find("\"from_ms\": 1781971200000") != std::string::npos);
    CHECK(json.find("\"grid.e_imp\": 120000") != std::string::npos);
    CHECK(json.find("\"tce.total\": \"kgce\"") != std::string::npos);
    CHECK(json.find(",\n  }") == std::string::npos);
    CHECK(std::count(json.begin(), json.end(), '{') == std::count(json.begin(), json.end(), '}'));
}
