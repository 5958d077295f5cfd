#include "core/row.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>

using namespace kilnwatt;

namespace {

row one(column c, cell v)
{
    auto l = std::make_shared<layout>();
    l->columns = {std::move(c)};
    return {l, {}, {v}, {}};
}

} // namespace

TEST_CASE("scaled: a scale of 0.1 gives the decimal number the device meant", "[core][row]")
{
    auto const r = one({.name = "active_power", .unit = "W", .scale = 0.1}, cell_of(std::int64_t{42105}));
    CHECK(std::get<double>(scaled(r, 0)) == 4210.5);
}

TEST_CASE("scaled: a 64-bit counter beyond 2^53 keeps every digit", "[core][row]")
{
    auto const r = one({.name = "active_energy_import", .unit = "Wh", .kind = value_kind::u64},
                       cell_of(std::uint64_t{9007199254740993}));
    CHECK(std::get<std::uint64_t>(scaled(r, 0)) == 9007199254740993);
}

TEST_CASE("scaled: a whole scale keeps integers exact and falls back to double on overflow", "[core][row]")
{
    column const kwh{.name = "active_energy_import", .unit = "Wh", .kind = value_kind::u64, .scale = 1000};
    CHECK(std::get<std::uint64_t>(scaled(one(kwh, cell_of(std::uint64_t{12345678901})), 0)) == 12345678901000);
    CHECK(std::get<double>(scaled(one(kwh, cell_of(~std::uint64_t{0})), 0)) == Approx(1.8446744e22));
}

TEST_CASE("scaled: an exponent column moves the decimal point, and a missing one takes the value away", "[core][row]")
{
    auto l = std::make_shared<layout>();
    l->columns = {{.name = "active_power", .unit = "W", .exponent_column = 1}, {.name = "vendor.w_sf"}};
    row r{l, {}, {cell_of(std::int64_t{31240}), cell_of(std::int64_t{-1})}, {}};
    CHECK(as_number(scaled(r, 0)) == 3124.0);
    r.cells[1] = cell_of(std::int64_t{2});
    CHECK(as_number(scaled(r, 0)) == 3'124'000);
    r.cells[1] = cell_of(std::int64_t{11});
    CHECK(std::holds_alternative<std::monostate>(scaled(r, 0)));
    r.cells[1] = absent(quality::not_supported);
    CHECK(std::isnan(scaled_number(r, 0)));
}

TEST_CASE("scaled: NaN, infinity, absent and bad are never a number", "[core][row]")
{
    column const f{.name = "frequency", .unit = "Hz", .kind = value_kind::f32};
    for (auto bits : {0x7FC00000u, 0x7F800000u, 0xFF800000u})
        CHECK(std::holds_alternative<std::monostate>(scaled(one(f, {bits, quality::good, true}), 0)));
    CHECK(std::isnan(scaled_number(one(f, absent(quality::timeout)), 0)));
    CHECK(std::isnan(scaled_number(one(f, {0x42480000, quality::out_of_range, true}), 0)));
    CHECK(scaled_number(one(f, {0x42480000, quality::good, true}), 0) == 50.0);
}
