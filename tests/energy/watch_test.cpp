#include "agent/energy/byte_stream.hpp"
#include "agent/energy/hour_watch.hpp"
#include "agent/energy/quarter_watch.hpp"

#include "core/aggregate_columns.hpp"
#include "small_plant.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

using numbers = std::vector<std::pair<std::string, double>>;

/// A window of `length` with sure values: "active_power.mean" and so on.
row window_row(std::string device, stream kind, instant length, numbers const& values)
{
    auto l = std::make_shared<layout>();
    l->device = std::move(device);
    l->kind = kind;
    std::vector<cell> cells;
    auto const add = [&](std::string name, double v) {
        column c;
        c.name = std::move(name);
        c.kind = value_kind::f64;
        l->columns.push_back(c);
        cells.push_back(cell_of(v));
    };
    add(std::string{aggregate::start}, 0);
    add(std::string{aggregate::end}, static_cast<double>(length));
    for (auto const& [name, v] : values) {
        auto const point = name.substr(0, name.rfind('.'));
        add(name, v);
        add(point + std::string{aggregate::coverage}, 1);
        if (name.ends_with(aggregate::delta))
            add(point + std::string{aggregate::method}, 0);
    }
    return {l, {}, std::move(cells), {}};
}

row hour_row(std::string device, numbers const& values)
{
    return window_row(std::move(device), stream::window_1h, hour, values);
}

std::vector<std::string> kinds(std::vector<finding> const& found)
{
    std::vector<std::string> all;
    for (auto const& f : found)
        all.push_back(f.kind + " " + f.subject);
    return all;
}

using strings = std::vector<std::string>;

plant_model with_transformer()
{
    plant_model m;
    m.devices = {device("transformer", role::transformer)};
    m.devices[0].transformer = transformer_plate{1000e3, 830, 10'300};
    return m;
}

} // namespace

TEST_CASE("hour_watch: phases that do not add up to the whole", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("meter", role::load)};
    auto const look = [&](double l3) {
        return kinds(hour_watch{}.look(m, {hour_row("meter", {{"active_power.mean", 90e3},
                                                              {"active_power_l1.mean", 30e3},
                                                              {"active_power_l2.mean", 30e3},
                                                              {"active_power_l3.mean", l3}})}));
    };
    CHECK(look(31.7e3).empty()); // 1.9 %
    CHECK(look(31.9e3) == strings{"phase_mismatch meter"});
    CHECK(look(-30e3) == strings{"phase_mismatch meter"});
}

TEST_CASE("hour_watch: an apparent power that active and reactive power do not allow", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("meter", role::grid)};
    auto const look = [&](double s) {
        return kinds(hour_watch{}.look(m, {hour_row("meter", {{"active_power.mean", 86.4e3},
                                                              {"reactive_power.mean", 41.8e3},
                                                              {"apparent_power.mean", s}})}));
    };
    CHECK(look(95.98e3).empty());
    CHECK(look(94.6e3).empty()); // the square is 2.8 % short
    CHECK(look(94.4e3) == strings{"apparent_power_mismatch meter"});
    CHECK(look(110e3).empty()); // harmonics
}

TEST_CASE("hour_watch: an inverter that gives more than it takes, and its efficiency is in doubt", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("roof", role::pv)};
    hour_watch w;
    auto const rows = [](double ac) {
        return std::vector{hour_row("roof", {{"active_energy.delta", ac}, {"dc_energy.delta", 100e3}})};
    };
    CHECK(w.look(m, rows(98e3)).empty());
    CHECK(w.doubted().empty());
    auto const found = w.look(m, rows(103e3));
    REQUIRE(kinds(found) == strings{"ac_above_dc roof"});
    CHECK(found[0].message == "roof gives 103.0 kWh, but takes 100.0 kWh from its array");
    CHECK(w.look(m, rows(103e3)).empty()); // told once
    CHECK(w.doubted() == strings{"pv.eta_inv", "roof.eta_inv"});
    CHECK(w.look(m, rows(98e3)).empty());
    CHECK(w.doubted().empty());
}

TEST_CASE("hour_watch: inverters and the meter of their feeder", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("feeder", role::none), device("east", role::pv, "feeder"), device("west", role::pv, "feeder")};
    auto const look = [&](double fed) {
        return hour_watch{}.look(
            m, {hour_row("feeder", {{"active_energy_import.delta", 1e3}, {"active_energy_export.delta", fed + 1e3}}),
                hour_row("east", {{"active_energy.delta", 60e3}}), hour_row("west", {{"active_energy.delta", 40e3}})});
    };
    CHECK(look(98.1e3).empty());
    auto const found = look(97.9e3);
    REQUIRE(kinds(found) == strings{"feeder_mismatch feeder"});
    CHECK(found[0].message == "feeder counts 97.9 kWh, the inverters below it 100.0 kWh");
    m.devices.push_back(device("mill", role::load, "feeder")); // a load behind the same meter: no comparison
    CHECK(look(60e3).empty());
}

TEST_CASE("hour_watch: a counter and its steady power agree to 3 %", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("mill", role::load)};
    auto const look = [&](double counted, double spread) {
        return kinds(hour_watch{}.look(m, {hour_row("mill", {{"active_power.mean", 100e3},
                                                             {"active_power.min", 100e3 - spread / 2},
                                                             {"active_power.max", 100e3 + spread / 2},
                                                             {"active_energy_import.delta", counted}})}));
    };
    CHECK(look(97.1e3, 1).empty());
    CHECK(look(96.5e3, 1) == strings{"energy_mismatch mill"});
    CHECK(look(96.5e3, 0) == strings{"stuck mill"}); // a power that never moves
    CHECK(look(96.5e3, 40e3).empty());               // samples of a restless power miss some
}

TEST_CASE("hour_watch: heat counted and heat that was carried, 5 % and 10 kWh apart", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("kiln-heat", role::waste_heat)};
    auto const look = [&](double apart, double counted) {
        hour_watch w;
        auto const found = w.look(m, {window_row("site", stream::kpi_1h, hour, {})});
        CHECK(found.empty());
        auto r = window_row("site", stream::kpi_1h, hour, {});
        auto l = std::make_shared<layout>(*r.layout);
        for (auto const& [name, v] :
             {std::pair{"kiln_heat.k_check", apart}, {"kiln_heat.k_check.coverage", 1.0}, {"kiln_heat.q", counted}}) {
            column c;
            c.name = name;
            c.kind = value_kind::f64;
            l->columns.push_back(c);
            r.cells.push_back(cell_of(v));
        }
        r.layout = l;
        auto again = kinds(w.look(m, {r}));
        CHECK(w.doubted().empty() == again.empty());
        return again;
    };
    CHECK(look(4.9, 1000).empty());
    CHECK(look(5.1, 1000) == strings{"heat_mismatch kiln-heat"});
    CHECK(look(-6, 1000) == strings{"heat_mismatch kiln-heat"});
    CHECK(look(6, 100).empty()); // 5.7 kWh
}

TEST_CASE("hour_watch: a transformer above 80 % for an hour, and one below 20 % over a week", "[energy][watch]")
{
    auto const m = with_transformer();
    auto const at = [](double s) { return std::vector{hour_row("transformer", {{"apparent_power.mean", s}})}; };
    hour_watch w;
    CHECK(w.look(m, at(799e3)).empty());
    auto const high = w.look(m, at(801e3));
    REQUIRE(kinds(high) == strings{"transformer_load_high transformer"});
    CHECK(high[0].severity == event_severity::warning);

    hour_watch idle;
    for (int i = 0; i < 167; ++i)
        CHECK(idle.look(m, at(i % 24 < 8 ? 390e3 : 100e3)).empty());
    byte_writer out;
    idle.save(out);
    auto const bytes = out.take();
    byte_reader in{bytes};
    hour_watch restarted;
    restarted.load(in);
    REQUIRE(in.ok());
    auto const small = restarted.look(m, at(100e3));
    REQUIRE(kinds(small) == strings{"transformer_oversized transformer"});
    CHECK(small[0].severity == event_severity::info);
    CHECK(small[0].message == "transformer stood at 20 % of its 1000 kVA over a week, and loses least of what it "
                              "passes on at 28 %: a smaller "
                              "one would lose less"); // 19.7 %
    for (int i = 0; i < 168; ++i)
        CHECK(restarted.look(m, at(210e3)).empty());
}

TEST_CASE("quarter_watch: a transformer above its rating is an alarm", "[energy][watch]")
{
    auto const m = with_transformer();
    quarter_watch w;
    auto const at = [](double s) {
        return std::vector{window_row("transformer", stream::window_15m, quarter, {{"apparent_power.mean", s}})};
    };
    CHECK(w.look(m, at(999e3)).empty());
    auto const found = w.look(m, at(1050e3));
    REQUIRE(kinds(found) == strings{"transformer_overload transformer"});
    CHECK(found[0].severity == event_severity::alarm);
    CHECK(w.look(m, at(1050e3)).empty());
    CHECK(w.look(m, at(900e3)).empty());
    CHECK(w.look(m, at(1050e3)).size() == 1);
}

TEST_CASE("quarter_watch: heat that flows back is told within 15 minutes, unless the water stands", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("kiln-heat", role::waste_heat)};
    m.devices[0].minimum_flow = 0.3;
    auto const look = [&](double supply, double m3) {
        return kinds(quarter_watch{}.look(
            m, {window_row(
                   "kiln-heat", stream::window_15m, quarter,
                   {{"supply_temperature.mean", supply}, {"return_temperature.mean", 60}, {"volume.delta", m3}})}));
    };
    CHECK(look(50, 3) == strings{"reversed_flow_or_sensors kiln-heat"});
    CHECK(look(50, 0.07).empty()); // 0.28 m3/h
    CHECK(look(50, 0).empty());
    CHECK(look(80, 3).empty());
}

TEST_CASE("energy_stage: a ratio that leans on what does not fit in its hour is in doubt", "[energy][watch]")
{
    plant_model m;
    m.devices = {device("roof", role::pv), device("sky", role::weather)};
    m.devices[0].array = array_plate{300e3, 250e3};
    energy_stage s{m};
    source const roof{"roof", {"active_power", "active_energy"}};
    source const sky{"sky", {"irradiance"}};
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms < 62 * minute_ms; ms += 10 * second) {
        auto const h = static_cast<double>(ms) / 3.6e6 + 1000;
        auto const wobble = ms % (20 * second) == 0 ? 50.0 : -50.0;
        s.fold(roof.at(ms, {120e3 + wobble, 108e3 * h})); // the counter misses a tenth
        s.fold(sky.at(ms + 1, {500}));
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    CHECK(figure_at(rows, stream::kpi_15m, 0, "pv.pr")->q == quality::good);
    CHECK(figure_at(rows, stream::kpi_1h, 0, "pv.pr")->q == quality::engineering_range);
    CHECK(figure_at(rows, stream::kpi_1h, 0, "pv.pr")->value == Approx(0.72).epsilon(0.01));
    CHECK(figure_at(rows, stream::kpi_1h, 0, "pv.e")->q == quality::good); // only what leans on it
}
