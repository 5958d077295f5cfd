#include "agent/report/coefficients.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::report {
namespace {

struct standard_coefficient {
    std::string_view item;
    double kgce;
    std::string_view unit;
};

/// GB/T 2589-2020, annexes A and B; what the standard gives as a range has its common value.
constexpr std::string_view standard = "GB/T 2589-2020";
constexpr standard_coefficient standard_coefficients[]{
    {"heat", 34.12, "kgce/GJ"},
    {"raw_coal", 0.7143, "kgce/kg"},
    {"coke", 0.9714, "kgce/kg"},
    {"lpg", 1.7143, "kgce/kg"},
    {"diesel", 1.4571, "kgce/kg"},
    {"gasoline", 1.4714, "kgce/kg"},
    {"fuel_oil", 1.4286, "kgce/kg"},
    {"coke_oven_gas", 0.5714, "kgce/m3"},
    {"producer_gas", 0.1786, "kgce/m3"},
    {"steam", 0.1286, "kgce/kg"},
    {"fresh_water", 0.2571, "kgce/t"},
    {"softened_water", 0.4857, "kgce/t"},
    {"deoxygenated_water", 0.9714, "kgce/t"},
    {"compressed_air", 0.0400, "kgce/m3"},
    {"oxygen", 0.4000, "kgce/m3"},
    {"nitrogen", 0.4000, "kgce/m3"},
};

} // namespace

std::optional<coefficient> carrier_coefficient(energy::plant_model const& plant, std::string_view item)
{
    auto const& own = plant.carriers;
    if (item == "electricity")
        return coefficient{"electricity", own.electricity_kgce_per_kwh, "kgce/kWh", own.source};
    if (item == "natural_gas")
        return coefficient{"natural_gas", own.gas_kgce_per_m3, "kgce/m3", own.source};
    for (auto const& s : standard_coefficients)
        if (s.item == item)
            return coefficient{std::string{item}, s.kgce, std::string{s.unit}, std::string{standard}};
    return std::nullopt;
}

std::vector<coefficient> coefficients_of(energy::plant_model const& plant)
{
    auto const& emitted = plant.emissions;
    std::vector<coefficient> all{*carrier_coefficient(plant, "electricity")};
    auto const has = [&](role r) {
        return std::any_of(plant.devices.begin(), plant.devices.end(),
                           [&](energy::device_model const& d) { return d.what == r; });
    };
    auto const burns = has(role::fuel) || has(role::boiler);
    if (burns) {
        all.push_back(*carrier_coefficient(plant, "natural_gas"));
        all.push_back({"natural_gas", plant.carriers.gas_lhv_mj_per_m3, "MJ/m3", plant.carriers.source});
    }
    for (auto const& f : emitted.grid)
        all.push_back({"electricity", f.kg_per_kwh, "kgCO2/kWh", fmt::format("{} {}: {}", f.region, f.year, f.source)});
    if (burns)
        all.push_back({"natural_gas", emitted.gas_kg_per_m3, "kgCO2/m3", emitted.gas_source});
    if (!plant.prices)
        return all;
    auto const& prices = *plant.prices;
    auto const source = prices.source.empty() ? std::string{"site file"} : prices.source;
    for (std::size_t i = 0; i < energy::tariff_period_count; ++i)
        if (prices.price[i])
            all.push_back({"tariff." + std::string{to_string(static_cast<energy::tariff_period>(i))}, *prices.price[i],
                           "CNY/kWh", source});
    if (prices.export_price)
        all.push_back({"tariff.export", *prices.export_price, "CNY/kWh", source});
    if (prices.demand_price)
        all.push_back({"tariff.demand", *prices.demand_price, "CNY/kW", source});
    if (prices.capacity_charge)
        all.push_back({"tariff.capacity", *prices.capacity_charge, "CNY", source});
    return all;
}

} // namespace kilnwatt::report
