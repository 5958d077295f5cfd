#include "core/energy_carrier.hpp"

#include <algorithm>
#include <iterator>

namespace kilnwatt {
namespace {

constexpr energy_carrier carriers[]{
    {"heat", "GJ", 34.12, false, 110.0},
    {"raw_coal", "kg", 0.7143, true, 1.9003},
    {"coke", "kg", 0.9714, true, {}},
    {"lpg", "kg", 1.7143, true, 3.1013},
    {"diesel", "kg", 1.4571, true, 3.0959},
    {"gasoline", "kg", 1.4714, true, {}},
    {"fuel_oil", "kg", 1.4286, true, {}},
    {"coke_oven_gas", "m3", 0.5714, true, {}},
    {"producer_gas", "m3", 0.1786, true, {}},
    {"steam", "kg", 0.1286, false, {}},
    {"fresh_water", "t", 0.2571, false, 0.0},
    {"softened_water", "t", 0.4857, false, 0.0},
    {"deoxygenated_water", "t", 0.9714, false, 0.0},
    {"compressed_air", "m3", 0.0400, false, 0.0},
    {"oxygen", "m3", 0.4000, false, 0.0},
    {"nitrogen", "m3", 0.4000, false, 0.0},
};

} // namespace

std::span<energy_carrier const> energy_carriers() noexcept
{
    return carriers;
}

energy_carrier const* energy_carrier_named(std::string_view name) noexcept
{
    auto const* c =
        std::find_if(std::begin(carriers), std::end(carriers), [&](energy_carrier const& x) { return x.name == name; });
    return c == std::end(carriers) ? nullptr : c;
}

} // namespace kilnwatt
