#include "agent/publish/device_state.hpp"
#include "agent/publish/record_payload.hpp"
#include "core/aggregate_columns.hpp"
#include "tests/publish/publish_fixtures.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <limits>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;

namespace {

column col(std::string name, std::string unit, value_kind kind = value_kind::i64, double scale = 1.0)
{
    column c;
    c.name = std::move(name);
    c.unit = std::move(unit);
    c.kind = kind;
    c.scale = scale;
    return c;
}

layout_ptr make_layout(std::string device, stream s, std::vector<column> columns)
{
    layout l;
    l.device = std::move(device);
    l.kind = s;
    l.source = "test_meter";
    l.columns = std::move(columns);
    return std::make_shared<layout const>(std::move(l));
}

record make_record(layout_ptr l, std::vector<cell> cells, std::vector<std::string> texts = {})
{
    row r;
    r.layout = std::move(l);
    r.time = at_ms(1'700'000'000'123);
    r.cells = std::move(cells);
    r.texts = std::move(texts);
    return {77, 812, 3, std::move(r)};
}

/// The text, after a strict parser took it.
std::string strict(std::string text)
{
    boost::json::error_code ec;
    boost::json::parse(text, ec);
    CHECK_FALSE(ec);
    return text;
}

/// An inverter with everything a row can hold: scaled power, a big counter, a bad temperature, a state, a text, and a
/// voltage whose exponent is a column of its own.
record inverter_record()
{
    auto status = col("status", "");
    status.states = {{4, "running"}, {7, "fault"}};
    auto voltage = col("voltage_l1", "V");
    voltage.exponent_column = 6;
    auto const l = make_layout("pv-roof-1", stream::readings,
                               {col("active_power", "W", value_kind::i64, 0.1),
                                col("active_energy_import", "Wh", value_kind::u64), col("module_temperature", "degC"),
                                status, col("serial_number", "", value_kind::text), voltage, col("vendor.v_sf", "")});
    return make_record(l,
                       {cell_of(std::int64_t{42105}),
                        cell_of(std::uint64_t{9007199254740993}),
                        absent(quality::not_supported),
                        cell_of(std::int64_t{4}),
                        {0, quality::good, true},
                        cell_of(std::int64_t{2304}, quality::stuck),
                        cell_of(std::int64_t{-1})},
                       {"SN \"7\""});
}

} // namespace

TEST_CASE("record_payload: a reading is flat, with null for what is bad and the reasons in quality",
          "[publish][record_payload]")
{
    CHECK(strict(record_payload(inverter_record(), "k3f9", false)) ==
          R"({"v":1,"epoch":"k3f9","seq":812,"ts":1700000000123,"active_power":4210.5,)"
          R"("active_energy_import":9007199254740993,"module_temperature":null,"status":4,"status_text":"running",)"
          R"("serial_number":"SN \"7\"","voltage_l1":230.4,)"
          R"("quality":{"module_temperature":"bad:not_supported","voltage_l1":"uncertain:stuck"}})");
}

TEST_CASE("record_payload: a record of the backlog says so, and good values need no quality",
          "[publish][record_payload]")
{
    auto const r = power_record(power_layout("meter-1"), 1, 5, -7);
    CHECK(strict(record_payload(r, "k3f9", true)) ==
          R"({"v":1,"epoch":"k3f9","seq":5,"historical":true,"ts":1782000005000,"active_power":-7})");
}

TEST_CASE("record_payload: the ends of the integers arrive exactly", "[publish][record_payload]")
{
    auto const l =
        make_layout("m", stream::readings, {col("a", "Wh", value_kind::u64), col("b", "Wh"), col("c", "Wh")});
    auto r = make_record(l, {cell_of(std::numeric_limits<std::uint64_t>::max()),
                             cell_of(std::numeric_limits<std::int64_t>::min()),
                             cell_of(std::numeric_limits<std::int64_t>::max())});
    r.seq = std::numeric_limits<std::uint64_t>::max();
    auto const text = strict(record_payload(r, "e", false));
    CHECK(text == R"({"v":1,"epoch":"e","seq":18446744073709551615,"ts":1700000000123,)"
                  R"("a":18446744073709551615,"b":-9223372036854775808,"c":9223372036854775807})");
    auto const parsed = boost::json::parse(text);
    CHECK(parsed.at("a").as_uint64() == std::numeric_limits<std::uint64_t>::max());
    CHECK(parsed.at("b").as_int64() == std::numeric_limits<std::int64_t>::min());
    CHECK(parsed.at("c").to_number<std::int64_t>() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("record_payload: a value that cannot be said is never called good", "[publish][record_payload]")
{
    auto scaled_by = col("b", "V");
    scaled_by.exponent_column = 2;
    auto const l = make_layout("m", stream::readings, {col("a", "W", value_kind::f64), scaled_by, col("sf", "")});
    auto const infinite = std::numeric_limits<double>::infinity();
    auto const r = make_record(l, {cell_of(infinite), cell_of(std::int64_t{5}), cell_of(std::int64_t{99})});
    CHECK(strict(record_payload(r, "e", false)) ==
          R"({"v":1,"epoch":"e","seq":812,"ts":1700000000123,"a":null,"b":null,)"
          R"("quality":{"a":"bad:not_supported","b":"bad:not_supported"}})");
}

TEST_CASE("record_payload: a window groups its figures by point", "[publish][record_payload]")
{
    auto method = col("active_energy_import.method", "");
    method.states = {{0, "counter"}, {1, "integral"}};
    auto const f64 = value_kind::f64;
    auto const l = make_layout(
        "press-pump", stream::window_15m,
        {col("start", ""), col("end", ""), col("revision", ""), col("active_power.mean", "W", f64),
         col("active_power.min", "W", f64), col("active_power.max", "W", f64), col("active_power.last", "W", f64),
         col("active_power.coverage", "1", f64), col("active_energy_import.delta", "Wh", f64),
         col("active_energy_import.coverage", "1", f64), method, col("vendor.slip.mean", "%", f64)});
    auto const r = make_record(l, {cell_of(std::int64_t{1'700'000'000'000}), cell_of(std::int64_t{1'700'000'900'000}),
                                   cell_of(std::int64_t{1}), cell_of(50.25, quality::low_coverage), cell_of(0.0),
                                   cell_of(110.0), cell_of(70.5), cell_of(0.9), cell_of(12.5), cell_of(1.0),
                                   cell_of(std::int64_t{0}), absent(quality::no_data)});
    CHECK(strict(record_payload(r, "k3f9", false)) ==
          R"({"v":1,"epoch":"k3f9","seq":812,"start":1700000000000,"end":1700000900000,"period":"PT15M","revision":1,)"
          R"("points":{"active_power":{"mean":50.25,"min":0.0,"max":110.0,"last":70.5,"coverage":0.9,)"
          R"("quality":"uncertain:low_coverage"},)"
          R"("active_energy_import":{"delta":12.5,"coverage":1.0,"method":"counter","quality":"good"},)"
          R"("vendor.slip":{"mean":null,"quality":"bad:no_data"}}})");
}

TEST_CASE("record_payload: a KPI set keeps the dots of its metric names", "[publish][record_payload]")
{
    auto method = col("site.pv_first.method", "");
    method.states = {{0, "counter"}, {1, "integral"}};
    auto const f64 = value_kind::f64;
    auto const l = make_layout("site", stream::kpi_1m,
                               {col("start", ""), col("end", ""), col("revision", ""), col("site.pv_first", "%", f64),
                                col("site.pv_first.coverage", "1", f64), method, col("motor.slip.max", "", f64)});
    auto const r =
        make_record(l, {cell_of(std::int64_t{60'000}), cell_of(std::int64_t{120'000}), cell_of(std::int64_t{0}),
                        cell_of(91.67), cell_of(1.0), cell_of(std::int64_t{1}), absent(quality::coverage_too_low)});
    CHECK(
        strict(record_payload(r, "k3f9", true)) ==
        R"({"v":1,"epoch":"k3f9","seq":812,"historical":true,"start":60000,"end":120000,"period":"PT1M","revision":0,)"
        R"("metrics":{"site.pv_first":{"value":91.67,"unit":"%","coverage":1.0,"method":"integral","quality":"good"},)"
        R"("motor.slip.max":{"value":null,"quality":"bad:coverage_too_low"}}})");
}

TEST_CASE("record_payload: an event names its severity", "[publish][record_payload]")
{
    auto severity = col("severity", "");
    severity.states = {{0, "info"}, {1, "warning"}, {2, "alarm"}};
    auto const l = make_layout("site", stream::event,
                               {col("kind", "", value_kind::text), col("subject", "", value_kind::text), severity,
                                col("message", "", value_kind::text)});
    auto const r = make_record(
        l, {{0, quality::good, true}, {1, quality::good, true}, cell_of(std::int64_t{1}), {2, quality::good, true}},
        {"counter_reset", "feeder-3", "active_energy_import fell from 812 to 3 Wh"});
    CHECK(strict(record_payload(r, "k3f9", false)) ==
          R"({"v":1,"epoch":"k3f9","seq":812,"ts":1700000000123,"kind":"counter_reset","subject":"feeder-3",)"
          R"("severity":"warning","message":"active_energy_import fell from 812 to 3 Wh"})");
}

TEST_CASE("record_payload: an aggregate row without its head columns still makes JSON", "[publish][record_payload]")
{
    auto const r = make_record(make_layout("m", stream::window_1m, {}), {});
    CHECK(strict(record_payload(r, "e", false)) ==
          R"({"v":1,"epoch":"e","seq":812,"start":null,"end":null,"period":"PT1M","revision":null,"points":{}})");
}

TEST_CASE("device_state: joins the classes of a device, the newest row first", "[publish][device_state]")
{
    auto fast = make_record(make_layout("m", stream::readings, {col("active_power", "W"), col("frequency", "Hz")}),
                            {cell_of(std::int64_t{100}), cell_of(std::int64_t{50})});
    auto slow = make_record(make_layout("m", stream::readings, {col("active_energy_import", "Wh")}),
                            {cell_of(std::int64_t{7})});
    device_state state;
    CHECK(state.empty());
    state.fold(fast.data, true);
    CHECK(state.knows(*fast.data.layout));
    CHECK_FALSE(state.knows(*slow.data.layout));
    state.fold(slow.data, true);
    fast.data.time = at_ms(1'700'000'001'123);
    fast.data.cells = {cell_of(std::int64_t{110}), absent(quality::timeout)};
    state.fold(fast.data, true);
    CHECK(strict(state.payload()) ==
          R"({"v":1,"ts":1700000001123,"stored":true,"active_power":110,"frequency":null,"active_energy_import":7,)"
          R"("quality":{"frequency":"bad:timeout"}})");

    SECTION("a changed layout of the same points replaces the old values")
    {
        auto changed = make_record(make_layout("m", stream::readings, {col("active_power", "W", value_kind::i64, 10)}),
                                   {cell_of(std::int64_t{12})});
        state.fold(changed.data, true);
        CHECK(strict(state.payload()) ==
              R"({"v":1,"ts":1700000000123,"stored":true,"active_power":120,"frequency":null,)"
              R"("active_energy_import":7,"quality":{"frequency":"bad:timeout"}})");
    }
    SECTION("a row that the journal refused is marked until a stored one replaces it")
    {
        state.fold(slow.data, false);
        CHECK(boost::json::parse(state.payload()).at("stored").as_bool() == false);
        state.fold(slow.data, true);
        CHECK(boost::json::parse(state.payload()).at("stored").as_bool() == true);
    }
    SECTION("an equal layout that was made anew is the same layout")
    {
        auto const copy = std::make_shared<layout const>(*slow.data.layout);
        CHECK(state.knows(*copy));
    }
}
