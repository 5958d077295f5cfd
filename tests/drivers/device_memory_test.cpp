#include "drivers/device_memory.hpp"

#include "drivers/device.hpp"
#include "tests/drivers/register_link.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

point at(std::string name, std::uint16_t address, point_type type = point_type::u16, std::uint16_t registers = 1)
{
    point p;
    p.name = std::move(name);
    p.address = address;
    p.type = type;
    p.registers = registers;
    p.poll = poll_class::fast;
    return p;
}

profile meter()
{
    profile p;
    p.id = "meter";
    p.points = {at("voltage_l1", 0), at("vendor.gone", 1), at("voltage_l2", 2), at("current_l1", 7),
                at("firmware", 10, point_type::text, 2)};
    return p;
}

/// A meter without register 1 and without 3 to 6; firmware "v1".
register_link without_register_1()
{
    register_link link;
    link.put(0, {230});
    link.put(2, {231});
    link.put(7, {12});
    link.put(10, {0x7631, 0});
    return link;
}

row read(device& d, register_link& link)
{
    plant_clock const clock;
    auto r = run(d.read(link, poll_class::fast, clock));
    REQUIRE(r.has_value());
    return *r;
}

/// Common model with a serial number, and an inverter (103).
void put_chain(register_link& link, std::uint16_t length)
{
    link.put(40000, {0x5375, 0x6E53, 1, 66});
    link.put(40004, std::vector<std::uint16_t>(66, 0x4100));
    link.put(40070, {103, length});
    link.put(40072, std::vector<std::uint16_t>(length, 0));
    link.put(static_cast<std::uint16_t>(40072 + length), {0xFFFF, 0});
}

profile inverter()
{
    profile p;
    p.id = "sunspec";
    p.sunspec = true;
    return p;
}

} // namespace

TEST_CASE("device_memory: text and back is the same", "[drivers][device_memory]")
{
    device_memory const m{.identity = {{"firmware", "1.0 b"}, {"serial_number", "A 1"}},
                          .holes = {{modbus::table::input_registers, 7, 0}, {modbus::table::coils, 65535, 1}},
                          .chain = {{1, 40002, 66, 0}, {160, 40100, 48, 2}}};
    auto const text = to_text(m, meter());
    CHECK(memory_from(text, meter()) == m);
    CHECK(memory_from(to_text({}, meter()), meter()) == device_memory{});
}

TEST_CASE("device_memory: a damaged text and one of another profile are of no use", "[drivers][device_memory]")
{
    auto const text = to_text({.holes = {{modbus::table::holding_registers, 1, 1}}}, meter());
    for (std::size_t n = 0; n < text.size(); ++n)
        if (text[n - (n > 0 ? 1 : 0)] != '\n')
            CHECK_FALSE(memory_from(text.substr(0, n), meter()));
    CHECK_FALSE(memory_from(text + "hole 9 1 1\n", meter()));
    CHECK_FALSE(memory_from(text + "hole 3 70000 1\n", meter()));
    CHECK_FALSE(memory_from(text + "model 1 65535 9 0\n", meter()));
    CHECK_FALSE(memory_from(text + "\n", meter()));
    auto other = meter();
    other.points.front().address = 30;
    CHECK_FALSE(memory_from(text, other));
    other = meter();
    other.id = "other";
    CHECK_FALSE(memory_from(text, other));
}

TEST_CASE("device: after a restart no request ends in exception 2", "[drivers][device][device_memory]")
{
    auto link = without_register_1();
    device before{"grid", 1, meter()};
    read(before, link);
    CHECK(link.refused > 0);
    REQUIRE(before.has_learned());
    CHECK_FALSE(before.has_learned());

    device after{"grid", 1, meter()};
    after.remember(before.memory());
    link.refused = 0;
    auto const r = read(after, link);
    CHECK(link.refused == 0);
    CHECK(r.cells[1].q == quality::not_supported);
    CHECK(r.cells[3].bits == 12);
    CHECK_FALSE(after.has_learned());
}

TEST_CASE("device: another firmware makes it try the holes again", "[drivers][device][device_memory]")
{
    auto link = without_register_1();
    device d{"grid", 1, meter()};
    read(d, link);
    link.put(1, {5});
    CHECK(read(d, link).cells[1].q == quality::not_supported);
    link.put(10, {0x7632, 0}); // "v2"
    read(d, link);
    auto const r = read(d, link);
    CHECK(r.cells[1].present);
    CHECK(r.cells[1].bits == 5);
    CHECK(d.has_learned());
}

TEST_CASE("device: a sleeping SunSpec inverter still knows its points after a restart", "[drivers][device][sunspec]")
{
    register_link link;
    put_chain(link, 50);
    device before{"pv", 1, inverter()};
    REQUIRE(run(before.discover(link)).has_value());
    CHECK(before.has_learned());

    device after{"pv", 1, inverter()};
    CHECK(after.classes().empty());
    after.remember(before.memory());
    REQUIRE(after.classes() == before.classes());
    CHECK(*after.layout_of(poll_class::fast) == *before.layout_of(poll_class::fast));
    CHECK(after.needs_discovery()); // it is confirmed when the device answers

    register_link asleep;
    CHECK(run(after.discover(asleep)).has_error());
    CHECK(after.classes() == before.classes());
    REQUIRE(run(after.discover(link)).has_value());
    CHECK_FALSE(after.needs_discovery());
    CHECK_FALSE(after.has_learned());
}

TEST_CASE("device: what the site says of a SunSpec device holds for its remembered points too",
          "[drivers][device][sunspec]")
{
    register_link link;
    put_chain(link, 50);
    auto what = inverter();
    what.changes.current_ratio = 40;
    device before{"pv", 1, what};
    REQUIRE(run(before.discover(link)).has_value());
    device after{"pv", 1, what};
    after.remember(before.memory());
    CHECK(*after.layout_of(poll_class::fast) == *before.layout_of(poll_class::fast));
    device plain{"pv", 1, inverter()};
    plain.remember(before.memory());
    CHECK(*plain.layout_of(poll_class::fast) != *before.layout_of(poll_class::fast));
}

TEST_CASE("device: a SunSpec device that comes back with another chain gets a new layout",
          "[drivers][device][sunspec]")
{
    register_link link;
    put_chain(link, 50);
    device d{"pv", 1, inverter()};
    REQUIRE(run(d.discover(link)).has_value());
    auto const old = d.layout_of(poll_class::fast);
    d.was_away();
    REQUIRE(run(d.discover(link)).has_value());
    CHECK(d.layout_of(poll_class::fast) == old);

    d.was_away();
    CHECK(d.needs_discovery());
    link.registers.clear();
    put_chain(link, 20); // a shorter inverter model has fewer points
    REQUIRE(run(d.discover(link)).has_value());
    CHECK(*d.layout_of(poll_class::fast) != *old);
}
