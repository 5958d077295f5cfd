#include "drivers/device.hpp"

#include "drivers/decode.hpp"
#include "drivers/error.hpp"
#include "drivers/sunspec_chain.hpp"
#include "tests/drivers/meter_text.hpp"
#include "tests/drivers/register_link.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

profile meter()
{
    return meter_of(R"(limits = {gap = 8}
points = [
  {name = "active_power", address = 0, type = "i16", unit = "kW", scale = 0.1, poll = "fast"},
  {name = "frequency", address = 1, type = "u16", unit = "Hz", scale = 0.01, poll = "fast"},
  {name = "voltage_l1", address = 6, type = "u16", unit = "V", poll = "fast"},
  {name = "current_l1", address = 100, type = "u16", unit = "A", poll = "fast"},
  {name = "active_energy_import", address = 40, type = "u32", unit = "Wh", exponent = "vendor.sf"},
  {name = "active_energy_export", address = 42, type = "u32", unit = "Wh", exponent = "vendor.sf"},
  {name = "vendor.sf", address = 44, type = "i16", sentinels = [0x8000]},
  {name = "serial_number", address = 60, type = "text", length = 2},
]
)");
}

struct bench {
    register_link link;
    plant_clock clock;
    device dut{"grid", 3, meter()};

    bench()
    {
        link.put(0, {421, 5000, 0, 0, 0, 0, 231});
        link.put(40, {0, 1000, 0, 20, 1});
        link.put(60, {0x534E, 0x3100});
        link.put(100, {12});
    }

    result<row> read(poll_class c) { return run(dut.read(link, c, clock)); }
};

double number(row const& r, std::string_view name)
{
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        if (r.layout->columns[i].name == name)
            return scaled_number(r, i);
    FAIL("no column " << name);
    return 0.0;
}

std::string_view quality_of(row const& r, std::string_view name)
{
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        if (r.layout->columns[i].name == name)
            return to_string(r.cells[i].q);
    return "no column";
}

} // namespace

TEST_CASE("device: a class is one layout with the points as columns", "[drivers][device]")
{
    bench b;
    CHECK(b.dut.classes() == std::vector{poll_class::fast, poll_class::counters, poll_class::slow});
    CHECK(b.dut.layout_of(poll_class::normal) == nullptr);
    auto const l = b.dut.layout_of(poll_class::counters);
    REQUIRE(l != nullptr);
    CHECK(l->device == "grid");
    CHECK(l->source == "meter");
    CHECK(l->kind == stream::readings);
    REQUIRE(l->columns.size() == 3);
    CHECK(l->columns[0].exponent_column == 2);
    CHECK(l->columns[0].counter);
    CHECK(l->columns[2].exponent_column == -1);
    CHECK_FALSE(run(b.dut.read(b.link, poll_class::normal, b.clock)).has_value());
}

TEST_CASE("device: reads a class in the requests of its plan", "[drivers][device]")
{
    bench b;
    auto const r = b.read(poll_class::fast);
    REQUIRE(r.has_value());
    CHECK(number(*r, "active_power") == 42100.0);
    CHECK(number(*r, "frequency") == 50.0);
    CHECK(number(*r, "voltage_l1") == 231.0);
    CHECK(number(*r, "current_l1") == 12.0);
    CHECK(b.link.asked == std::vector<modbus::read_request>{{3, modbus::table::holding_registers, 0, 7},
                                                            {3, modbus::table::holding_registers, 100, 1}});
    auto const counters = b.read(poll_class::counters);
    REQUIRE(counters.has_value());
    CHECK(number(*counters, "active_energy_import") == 10000.0);
    auto const slow = b.read(poll_class::slow);
    REQUIRE(slow.has_value());
    CHECK(slow->texts == std::vector<std::string>{"SN1"});
}

TEST_CASE("device: a register that is not there costs one search, and only its own point", "[drivers][device]")
{
    bench b;
    b.link.registers.erase({modbus::table::holding_registers, 1});
    auto const first = b.read(poll_class::fast);
    REQUIRE(first.has_value());
    CHECK(quality_of(*first, "frequency") == "bad:not_supported");
    CHECK(number(*first, "active_power") == 42100.0);
    CHECK(number(*first, "voltage_l1") == 231.0);
    CHECK(b.link.refused > 0);

    b.link.refused = 0;
    auto const layout = b.dut.layout_of(poll_class::fast);
    for (int i = 0; i < 3; ++i) {
        auto const again = b.read(poll_class::fast);
        REQUIRE(again.has_value());
        CHECK(quality_of(*again, "frequency") == "bad:not_supported");
        CHECK(number(*again, "voltage_l1") == 231.0);
        CHECK(again->layout == layout);
    }
    CHECK(b.link.refused == 0);
}

TEST_CASE("device: an undefined register between two points does not cost a point", "[drivers][device]")
{
    bench b;
    b.link.registers.erase({modbus::table::holding_registers, 3});
    auto const first = b.read(poll_class::fast);
    REQUIRE(first.has_value());
    for (auto const& c : first->cells)
        CHECK(c.q == quality::good);
    b.link.refused = 0;
    REQUIRE(b.read(poll_class::fast).has_value());
    CHECK(b.link.refused == 0);
}

TEST_CASE("device: a failing request makes its own points bad and the rest goes on", "[drivers][device]")
{
    for (auto const error : {modbus::errc::device_failure, modbus::errc::acknowledge, modbus::errc::device_busy,
                             modbus::errc::unknown_exception, modbus::errc::malformed_reply}) {
        bench b;
        b.link.fails = [error](modbus::read_request const& r) {
            return r.address == 0 ? std::optional{error} : std::nullopt;
        };
        auto const r = b.read(poll_class::fast);
        REQUIRE(r.has_value());
        CHECK(quality_of(*r, "active_power") ==
              (error == modbus::errc::malformed_reply ? "bad:communication" : "bad:device_failure"));
        CHECK(number(*r, "current_l1") == 12.0);
        CHECK(b.link.asked.size() == 2);
        b.link.fails = {};
        CHECK(number(*b.read(poll_class::fast), "active_power") == 42100.0);
    }
}

TEST_CASE("device: after a timeout nothing more is asked", "[drivers][device]")
{
    bench b;
    b.link.fails = [](modbus::read_request const& r) {
        return r.address == 100 ? std::optional{modbus::errc::timeout} : std::nullopt;
    };
    auto const partly = b.read(poll_class::fast);
    REQUIRE(partly.has_value());
    CHECK(number(*partly, "active_power") == 42100.0);
    CHECK(quality_of(*partly, "current_l1") == "bad:timeout");

    b.link.asked.clear();
    b.link.fails = [](modbus::read_request const&) { return std::optional{modbus::errc::timeout}; };
    auto const silent = b.read(poll_class::fast);
    REQUIRE_FALSE(silent.has_value());
    CHECK(silent.error() == modbus::errc::timeout);
    CHECK(b.link.asked.size() == 1);
}

TEST_CASE("device: a gateway that says its device is silent is no answer of the device", "[drivers][device]")
{
    bench b;
    b.link.fails = [](modbus::read_request const&) { return std::optional{modbus::errc::gateway_target_failed}; };
    auto const r = b.read(poll_class::fast);
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error() == modbus::errc::gateway_target_failed);
    CHECK(b.link.asked.size() == 1);
    CHECK_FALSE(run(b.dut.probe(b.link)).has_value());

    b.link.fails = [](modbus::read_request const& q) {
        return q.address == 100 ? std::optional{modbus::errc::gateway_target_failed} : std::nullopt;
    };
    auto const partly = b.read(poll_class::fast);
    REQUIRE(partly.has_value());
    CHECK(quality_of(*partly, "current_l1") == "bad:device_failure");
}

TEST_CASE("device: cancelling ends the read at once", "[drivers][device]")
{
    bench b;
    b.link.fails = [](modbus::read_request const& r) {
        return r.address == 100 ? std::optional{modbus::errc::cancelled} : std::nullopt;
    };
    auto const r = b.read(poll_class::fast);
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error() == modbus::errc::cancelled);
}

TEST_CASE("device: without its exponent a value is as bad as the exponent", "[drivers][device]")
{
    bench b;
    b.link.put(44, {0x8000});
    auto const missing = b.read(poll_class::counters);
    REQUIRE(missing.has_value());
    CHECK(quality_of(*missing, "active_energy_import") == "bad:not_supported");
    b.link.put(44, {11});
    CHECK(quality_of(*b.read(poll_class::counters), "active_energy_import") == "bad:out_of_range");
    b.link.put(44, {static_cast<std::uint16_t>(-10)});
    CHECK(number(*b.read(poll_class::counters), "active_energy_import") == 1e-7);
}

TEST_CASE("device: a probe asks for one point, and any answer of the device is life", "[drivers][device]")
{
    bench b;
    REQUIRE(run(b.dut.probe(b.link)).has_value());
    CHECK(b.link.asked == std::vector<modbus::read_request>{{3, modbus::table::holding_registers, 0, 1}});
    b.link.registers.clear();
    CHECK(run(b.dut.probe(b.link)).has_value());
    b.link.fails = [](modbus::read_request const&) { return std::optional{modbus::errc::timeout}; };
    CHECK_FALSE(run(b.dut.probe(b.link)).has_value());
}

TEST_CASE("device: a SunSpec device has its points after the discovery", "[drivers][device]")
{
    profile p;
    p.id = "sunspec";
    p.sunspec = true;
    device dut{"pv", 1, p};
    register_link link;
    plant_clock clock;
    CHECK(dut.needs_discovery());
    CHECK(dut.classes().empty());
    CHECK(run(dut.discover(link)).error() == errc::no_sunspec_marker);
    REQUIRE(run(dut.probe(link)).has_value());

    std::vector<sunspec::wanted_model> const wanted{{1}, {103}};
    auto const chain = sunspec::lay_out(40000, wanted);
    for (std::uint16_t a = 40000; a < 40000 + 126; ++a)
        link.put(a, {0x8000});
    for (auto const& [address, word] : sunspec::frame_of(40000, chain))
        link.put(address, {word});
    auto const set = [&](std::string_view name, double v, int exponent) {
        auto const points = sunspec::points_of(chain);
        for (auto const& q : points) {
            if (q.name != name)
                continue;
            std::vector<std::uint16_t> words(q.registers);
            REQUIRE(encode(q, v, exponent, words));
            link.put(q.address, words);
        }
    };
    set("active_power", 249930.0, 1);
    set("vendor.w_sf", 1, 0);
    set("active_energy", 0, 0);
    set("vendor.wh_sf", 0, 0);
    REQUIRE(run(dut.discover(link)).has_value());
    CHECK_FALSE(dut.needs_discovery());
    auto const layout = dut.layout_of(poll_class::fast);
    auto const r = run(dut.read(link, poll_class::fast, clock));
    REQUIRE(r.has_value());
    CHECK(number(*r, "active_power") == 249930.0);
    CHECK(quality_of(*r, "dc_power") == "bad:not_supported");
    auto const counters = run(dut.read(link, poll_class::counters, clock));
    REQUIRE(counters.has_value());
    CHECK(quality_of(*counters, "active_energy") == "uncertain:initial");
    CHECK(number(*counters, "active_energy") == 0.0);

    REQUIRE(run(dut.discover(link)).has_value());
    CHECK(dut.layout_of(poll_class::fast) == layout);
    link.fails = [](modbus::read_request const& asked) {
        return asked.address < 40'000 || asked.address >= 50'000 ? std::optional{modbus::errc::timeout} : std::nullopt;
    };
    CHECK(run(dut.discover(link)).has_value()); // silent where it has no chain
    CHECK(dut.layout_of(poll_class::fast) == layout);
    link.fails = [](modbus::read_request const&) { return std::optional{modbus::errc::timeout}; };
    CHECK(run(dut.discover(link)).error() == modbus::errc::timeout);
    CHECK_FALSE(dut.needs_discovery());
}

TEST_CASE("device: a request without answer is sent again as often as the limits say, an exception is not",
          "[drivers][device]")
{
    bench b;
    auto p = meter();
    p.limits.retries = 2;
    b.dut = device{"grid", 3, p};
    int silent = 2;
    b.link.fails = [&silent](modbus::read_request const&) -> std::optional<modbus::errc> {
        return silent-- > 0 ? std::optional{modbus::errc::timeout} : std::nullopt;
    };
    CHECK(b.read(poll_class::fast).has_value());
    CHECK(b.link.asked.size() == 4); // two requests, the first of them three times

    silent = 3;
    CHECK(b.read(poll_class::fast).has_error());
    b.link.asked.clear();
    b.link.fails = [](modbus::read_request const&) { return std::optional{modbus::errc::device_busy}; };
    b.read(poll_class::fast);
    CHECK(b.link.asked.size() == 2);
}

TEST_CASE("device: what a link carries together is read together, with the same values and the same holes",
          "[drivers][device]")
{
    bench alone, batched;
    batched.link.together_max = 4;
    for (auto* b : {&alone, &batched}) {
        b->link.registers.erase({modbus::table::holding_registers, 6}); // there is no voltage
        for (auto i = 0; i < 2; ++i) {
            auto const r = b->read(poll_class::fast);
            REQUIRE(r.has_value());
            CHECK(number(*r, "active_power") == 42'100.0);
            CHECK(number(*r, "current_l1") == 12.0);
            CHECK(quality_of(*r, "voltage_l1") == "bad:not_supported");
        }
    }
    CHECK(batched.link.together > 1);
    CHECK(alone.link.together == 1);
    CHECK(batched.dut.plan_of(poll_class::fast).requests == alone.dut.plan_of(poll_class::fast).requests);
    auto const refused = batched.link.refused;
    REQUIRE(batched.read(poll_class::fast).has_value());
    CHECK(batched.link.refused == refused);
}

TEST_CASE("device: of requests asked for together a silent one ends the pass, the answered ones count",
          "[drivers][device]")
{
    bench b;
    b.link.together_max = 4;
    b.link.fails = [](modbus::read_request const& r) {
        return r.address == 100 ? std::optional{modbus::errc::timeout} : std::nullopt;
    };
    auto const r = b.read(poll_class::fast);
    REQUIRE(r.has_value());
    CHECK(number(*r, "voltage_l1") == 231.0);
    CHECK(quality_of(*r, "current_l1") == "bad:timeout");
}
