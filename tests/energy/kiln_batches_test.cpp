#include "agent/energy/byte_stream.hpp"
#include "agent/energy/kiln_batches.hpp"
#include "agent/energy/point_plan.hpp"
#include "core/aggregate_columns.hpp"
#include "hand_plant.hpp"
#include "small_plant.hpp"

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// A minute of a tunnel kiln that burns 60 m3 of gas an hour and makes 0.6 t.
std::vector<finding> minute_of(kiln_batches& b, double number, bool metered = true)
{
    hand_plant p;
    auto const kiln = p.add("tunnel", role::kiln);
    auto const gas = p.add("gas", role::fuel);
    auto const line = p.add("line", role::production);
    p.gauge(kiln, "batch_number", number);
    p.counter(kiln, "active_energy_import", 500);
    if (metered)
        p.counter(gas, "fuel_volume", 1);
    p.counter(line, "production_mass", 0.01);
    std::vector<device_window const*> all;
    for (auto const& w : p.windows)
        all.push_back(&w);
    return b.look({&p.model, all, base});
}

} // namespace

TEST_CASE("kiln_batches: a batch that another number ends says what it took", "[energy][kiln_batches]")
{
    kiln_batches b;
    for (auto i = 0; i < 30; ++i)
        CHECK(minute_of(b, 812).empty());
    byte_writer w;
    b.save(w);
    auto const bytes = w.take();
    byte_reader r{bytes};
    kiln_batches again;
    again.load(r);
    REQUIRE(r.at_end());
    for (auto i = 0; i < 30; ++i)
        CHECK(minute_of(again, 812).empty());
    auto const ended = minute_of(again, 813);
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].kind == "batch_finished");
    CHECK(ended[0].subject == "tunnel");
    CHECK(ended[0].severity == event_severity::info);
    CHECK(ended[0].message == "batch 812 of tunnel took 1.00 h, 2135.3 MJ of fuel, 30.0 kWh, 0.600 t, 3738.8 MJ/t");
}

TEST_CASE("kiln_batches: 0 is no batch, and what was not metered is said", "[energy][kiln_batches]")
{
    kiln_batches b;
    CHECK(minute_of(b, 0).empty());
    CHECK(minute_of(b, 7).empty());
    CHECK(minute_of(b, 7, false).empty());
    auto const ended = minute_of(b, 0);
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].message.ends_with("; 50.0 % of its time is known"));
    CHECK(minute_of(b, 8).empty());
}

TEST_CASE("energy_stage: the end of a batch is an event, also when the agent restarts inside it",
          "[energy][kiln_batches]")
{
    plant_model m;
    m.devices = {device("tunnel", role::kiln)};
    source const kiln{"tunnel", {"batch_number", "active_energy_import"}};
    energy_stage before{m};
    energy_stage after{m};
    std::vector<row> events;
    for (instant ms = 0; ms <= 30 * minute; ms += 20 * second) {
        auto& s = ms < 10 * minute ? before : after;
        if (ms == 10 * minute)
            REQUIRE(after.restore(before.snapshot()));
        s.fold(kiln.at(ms, {ms < 20 * minute ? 41.0 : 42.0, 1e6 + static_cast<double>(ms) / 100}));
        for (auto& r : s.advance(time_at(ms + 500)))
            if (r.layout->kind == stream::event)
                events.push_back(std::move(r));
    }
    REQUIRE(events.size() == 1);
    auto const c = column_named(*events[0].layout, aggregate::event_message);
    REQUIRE(c);
    auto const message = scaled(events[0], *c);
    CHECK(std::get<std::string>(message) == "batch 41 of tunnel took 0.33 h, 0.0 MJ of fuel, 12.0 kWh");
}
