#include "drivers/read_plan.hpp"

#include "drivers/decode.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

point at(std::uint16_t address, point_type type = point_type::u16, std::string exponent = {}, std::string name = {})
{
    point p;
    p.name = name.empty() ? "vendor.a" + std::to_string(address) : std::move(name);
    p.address = address;
    p.type = type;
    p.registers = registers_of(type);
    p.exponent = std::move(exponent);
    return p;
}

std::vector<read_range> ranges_of(read_plan const& plan)
{
    std::vector<read_range> ranges;
    for (auto const& r : plan.requests)
        ranges.push_back(r.range);
    return ranges;
}

read_range holding(std::uint16_t address, std::uint16_t count)
{
    return {modbus::table::holding_registers, address, count};
}

} // namespace

TEST_CASE("read_plan: neighbours and small gaps become one request", "[drivers][read_plan]")
{
    std::vector const points{at(30), at(0, point_type::f32), at(2), at(10, point_type::u32)};
    auto const plan = make_read_plan(points, {.gap = 7}, {});
    CHECK(ranges_of(plan) == std::vector{holding(0, 12), holding(30, 1)});
    CHECK(plan.requests[0].points == std::vector<std::size_t>{1, 2, 3});
    CHECK(ranges_of(make_read_plan(points, {.gap = 6}, {})) ==
          std::vector{holding(0, 3), holding(10, 2), holding(30, 1)});
    CHECK(ranges_of(make_read_plan(points, {.gap = 18}, {})) == std::vector{holding(0, 31)});
}

TEST_CASE("read_plan: a request ends at the limit, and never inside a point", "[drivers][read_plan]")
{
    std::vector<point> points;
    for (std::uint16_t i = 0; i < 50; ++i)
        points.push_back(at(static_cast<std::uint16_t>(2 * i), point_type::f32));
    CHECK(ranges_of(make_read_plan(points, {.registers_per_request = 79}, {})) ==
          std::vector{holding(0, 78), holding(78, 22)});
}

TEST_CASE("read_plan: tables are read apart, and coils by bits", "[drivers][read_plan]")
{
    auto coil = at(0, point_type::bit);
    coil.table = modbus::table::coils;
    auto far_coil = at(100, point_type::bit);
    far_coil.table = modbus::table::coils;
    auto input = at(1);
    input.table = modbus::table::input_registers;
    std::vector const points{at(0), input, coil, far_coil};
    CHECK(ranges_of(make_read_plan(points, {}, {})) ==
          std::vector{read_range{modbus::table::coils, 0, 101}, holding(0, 1), {modbus::table::input_registers, 1, 1}});
}

TEST_CASE("read_plan: a value and its exponent come in one request", "[drivers][read_plan]")
{
    std::vector const points{at(0, point_type::i16, "vendor.sf"), at(1, point_type::i16, "vendor.sf"), at(50),
                             at(100, point_type::i16, {}, "vendor.sf")};
    auto const plan = make_read_plan(points, {}, {});
    CHECK(ranges_of(plan) == std::vector{holding(0, 101)});

    SECTION("unless that is more than one request may have")
    {
        CHECK(ranges_of(make_read_plan(points, {.registers_per_request = 60}, {})) ==
              std::vector{holding(0, 2), holding(50, 1), holding(100, 1)});
    }
    SECTION("or a hole lies between them")
    {
        std::vector const holes{holding(60, 1)};
        CHECK(ranges_of(make_read_plan(points, {}, holes)) ==
              std::vector{holding(0, 2), holding(50, 1), holding(100, 1)});
    }
}

TEST_CASE("read_plan: holes and lines are not crossed, points in them are not read", "[drivers][read_plan]")
{
    std::vector const points{at(0), at(1), at(2, point_type::u32), at(4), at(5)};
    std::vector const holes{holding(3, 1), holding(5, 0)};
    auto const plan = make_read_plan(points, {}, holes);
    CHECK(ranges_of(plan) == std::vector{holding(0, 2), holding(4, 1), holding(5, 1)});
    CHECK(plan.unreadable == std::vector<std::size_t>{2});
}

TEST_CASE("read_plan: the last registers of the address space can be read", "[drivers][read_plan]")
{
    std::vector const points{at(65535), at(65533, point_type::u32)};
    CHECK(ranges_of(make_read_plan(points, {}, {})) == std::vector{holding(65533, 3)});
}

TEST_CASE("read_plan: whatever the points, each readable one is covered once and every limit kept",
          "[drivers][read_plan]")
{
    std::mt19937 random{11};
    auto const pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int round = 0; round < 2000; ++round) {
        std::vector<point> points;
        constexpr std::array types{point_type::u16, point_type::u32, point_type::u64};
        for (int i = 0; i < 40; ++i) {
            auto p = at(static_cast<std::uint16_t>(pick(400)), types[static_cast<std::size_t>(pick(3))], {},
                        "vendor.p" + std::to_string(i));
            p.table = pick(4) == 0 ? modbus::table::input_registers : modbus::table::holding_registers;
            points.push_back(std::move(p));
        }
        for (auto& p : points)
            if (auto const& target = points[static_cast<std::size_t>(pick(4))]; pick(4) == 0 && target.table == p.table)
                p.exponent = target.name;
        for (std::size_t i = 0; i < 4; ++i)
            points[i].exponent.clear();
        std::vector<read_range> holes;
        for (int i = pick(6); i > 0; --i)
            holes.push_back({modbus::table::holding_registers, static_cast<std::uint16_t>(pick(400)),
                             static_cast<std::uint16_t>(pick(4))});
        request_limits const limits{static_cast<std::uint16_t>(4 + pick(122)), static_cast<std::uint16_t>(pick(30))};
        auto const plan = make_read_plan(points, limits, holes);

        std::vector<int> covered(points.size(), 0);
        for (auto const& r : plan.requests) {
            REQUIRE(r.range.count <= limits.registers_per_request);
            REQUIRE_FALSE(r.points.empty());
            for (auto const& hole : holes)
                REQUIRE_FALSE(crosses(r.range, hole));
            for (auto const i : r.points) {
                ++covered[i];
                auto const& p = points[i];
                REQUIRE(p.table == r.range.from);
                REQUIRE(p.address >= r.range.address);
                REQUIRE(p.address + p.registers <= r.range.address + r.range.count);
            }
        }
        for (auto const i : plan.unreadable)
            ++covered[i];
        REQUIRE(covered == std::vector<int>(points.size(), 1));
    }
}
