#include "ceramics_feed.hpp"

#include "agent/control/production_message.hpp"
#include "agent/control/site_plan.hpp"
#include "agent/energy/energy_stage.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "agent/report/stored_period.hpp"
#include "core/point_names.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace kilnwatt;
using namespace kilnwatt::plant_month;

namespace {

control::site_plan example(std::string const& name)
{
    return control::plan_site(KILNWATT_SOURCE_DIR "/config/examples/" + name + ".toml");
}

struct played_device {
    layout_ptr layout;
    std::vector<simulator::number_source> sources;
};

/// Points that a device of the plan reads; of a SunSpec device, whose chain is not walked here, what every inverter
/// has.
std::vector<std::string> points_of(drivers::device const& d)
{
    if (d.what().sunspec)
        return {"active_power", "dc_power", "active_energy"};
    std::vector<std::string> names;
    for (auto const c : d.classes())
        for (auto const& x : d.layout_of(c)->columns)
            names.push_back(x.name);
    return names;
}

/// What a device of the plan reads, as far as the simulator's physics has it.
played_device played(drivers::device const& d)
{
    auto l = std::make_shared<layout>();
    l->device = d.name();
    played_device p;
    for (auto const& name : points_of(d)) {
        auto const meaning = point_meaning_of(name);
        auto const source = simulator::source_of(d.name(), name);
        if (!meaning || !source || !std::holds_alternative<simulator::number_source>(*source))
            continue;
        column c;
        c.name = name;
        c.unit = meaning->unit;
        c.kind = value_kind::f64;
        c.counter = meaning->kind == point_kind::counter;
        l->columns.push_back(std::move(c));
        p.sources.push_back(std::get<simulator::number_source>(*source));
    }
    p.layout = std::move(l);
    return p;
}

/// The hour from 12:00 on the plant's clock.
report::stored_period noon_of(control::site_plan const& plan)
{
    constexpr std::int64_t start = 1'780'200'000'000 + 2 * 3'600'000; // 2026-05-31, 12:00 in Asia/Shanghai less 2 h
    std::vector<played_device> devices;
    for (auto const& link : plan.links)
        for (auto const& d : link.devices)
            devices.push_back(played(d.device));
    std::vector<layout_ptr> topics;
    for (auto const& p : plan.site.productions)
        topics.push_back(control::production_layout(p.name, p.point));
    simulator::plant plant{7, utc_time{milliseconds{start}}};
    energy::energy_stage stage{plan.model};
    std::optional<report::stored_period> hour;
    for (auto ms = std::int64_t{0}; ms < 4 * 3'600'000; ms += 10'000) {
        auto const at = stamp_of(utc_time{milliseconds{start + ms}});
        plant.advance_to(at.utc);
        for (auto const& d : devices) {
            row r{d.layout, at, {}, {}};
            for (auto const& s : d.sources)
                r.cells.push_back(cell_of(s(plant)));
            stage.fold(r);
        }
        for (auto const& l : topics)
            stage.fold({l, at, {cell_of(plant.counter(simulator::quantity::production))}, {}});
        for (auto const& r : stage.advance(at))
            if (r.layout->kind == stream::kpi_1h)
                hour = report::period_of(r);
    }
    REQUIRE(hour);
    return *hour;
}

void check_figures(report::stored_period const& hour, std::vector<std::string> const& names)
{
    for (auto const& name : names) {
        INFO(name);
        auto const* f = hour.find(name);
        REQUIRE(f != nullptr);
        CHECK(f->value.has_value());
        CHECK(severity_of(f->q) == severity::good);
    }
}

} // namespace

TEST_CASE("example: every figure of a healthy hour is known and good", "[plant_month][examples]")
{
    for (auto const* name : {"ceramics-plant", "textile", "electronics"}) {
        auto const hour = noon_of(example(name));
        CHECK(hour.figures.size() > 80);
        for (auto const& f : hour.figures) {
            INFO(name << ": " << f.name << ", " << to_string(f.q) << ", coverage " << f.coverage);
            CHECK(f.value.has_value());
            CHECK(severity_of(f.q) == severity::good);
        }
    }
}

TEST_CASE("example: every figure is in the catalogue with its unit, from its shortest period on",
          "[plant_month][examples]")
{
    for (auto const* name : {"ceramics-plant", "textile", "electronics"}) {
        auto const plan = example(name);
        for (auto const& f : noon_of(plan).figures) {
            if (energy::point_named(plan.model, f.name)) // points are there for formulas
                continue;
            auto const known = energy::figure_named(plan.model, f.name);
            auto const own = std::any_of(plan.site.kpis.begin(), plan.site.kpis.end(),
                                         [&](auto const& k) { return k.name == f.name; });
            INFO(name << ": " << f.name);
            CHECK(known.has_value() != own);
            if (known)
                CHECK(known->unit == f.unit);
            if (known)
                CHECK(known->shortest <= stream::kpi_1h);
        }
    }
}

TEST_CASE("example: the textile plant passes check and its figures appear", "[plant_month][examples]")
{
    auto const plan = example("textile");
    for (auto const& d : *plan.found)
        FAIL_CHECK(config::to_string(d));
    auto const hour = noon_of(plan);
    check_figures(hour, {"pv.e",          "pv.eta_inv", "grid.e_imp",  "site.e_load",     "site.re_share",
                         "site.pv_first", "trf.beta",   "boiler.eta",  "boiler.sgc",      "heat.q",
                         "heat.k_check",  "motor.eta",  "motor.run_h", "mach.sec",        "tce.total",
                         "tce.unit",      "co2.unit",   "cost.energy", "production.mass", "stenter.share"});
    CHECK(hour.find("bat.p") == nullptr); // what a site lacks is absent
    CHECK(hour.find("kiln.pv") == nullptr);
}

TEST_CASE("example: the electronics plant passes check and its figures appear", "[plant_month][examples]")
{
    auto const plan = example("electronics");
    for (auto const& d : *plan.found)
        FAIL_CHECK(config::to_string(d));
    auto const hour = noon_of(plan);
    check_figures(hour, {"pv.e", "grid.e_imp", "grid.vuf", "bat.soc", "site.e_load", "site.autarky", "site.pv_first",
                         "trf.beta", "heat.q", "motor.eta", "motor.v_unb", "mach.sec", "tce.total", "tce.unit",
                         "co2.unit", "cost.avg_price", "production.mass", "cleanroom.share"});
    CHECK(hour.find("boiler.eta") == nullptr);
}
