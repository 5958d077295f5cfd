#include "agent/report/coefficients.hpp"

#include <fmt/format.h>

#include <set>

namespace kilnwatt::report {
std::optional<coefficient> carrier_coefficient(energy::plant_model const& plant, std::string_view item)
{
    auto const& own = plant.carriers;
    if (item == "electricity")
        return coefficient{"electricity", own.electricity_kgce_per_kwh, "kgce/kWh", own.source};
    if (auto const c = energy::carrier_named(plant, item))
        return coefficient{c->name, c->kgce, "kgce/" + c->unit, c->source};
    return std::nullopt;
}

std::vector<coefficient> coefficients_of(energy::plant_model const& plant, int year)
{
    std::vector<coefficient> all{*carrier_coefficient(plant, "electricity")};
    std::set<std::string> metered;
    for (auto const& d : plant.devices) {
        if (d.what == role::fuel)
            metered.insert(d.carrier);
        else if (d.what == role::boiler)
            metered.insert(d.boiler ? d.boiler->fuel : std::string{energy::natural_gas});
    }
    for (auto const& name : metered)
        if (auto const c = energy::carrier_named(plant, name)) {
            all.push_back({name, c->kgce, "kgce/" + c->unit, c->source});
            if (c->mj > 0)
                all.push_back({name, c->mj, "MJ/" + c->unit, c->source});
        }
    if (plant.count_onsite_pv)
        all.push_back({"onsite_pv", plant.carriers.electricity_kgce_per_kwh, "kgce/kWh", plant.carriers.source});
    auto const& grid = plant.emissions.grid_of(year);
    all.push_back({"electricity", grid.kg_per_kwh, "kgCO2/kWh",
                   fmt::format("{} {}: {}{}", grid.region, grid.year, grid.source,
                               grid.year == year ? "" : fmt::format("; none is given for {}", year))});
    for (auto const& name : metered)
        if (auto const c = energy::carrier_named(plant, name))
            all.push_back({name, c->co2_kg, "kgCO2/" + c->unit, c->co2_source});
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
