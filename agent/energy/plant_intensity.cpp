#include "agent/energy/carriers.hpp"
#include "agent/energy/plant_figures.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace kilnwatt::energy {
namespace {

/// What the plant makes, as its lines are counted.
struct counted_product {
    std::string_view total, leaf, unit;
    product made;
};

std::array<counted_product, 3> products_of(plant_view const& v)
{
    return {{{"production.mass", ".unit", "t", product_of(v)},
             {"production.area", ".per_m2", "m2", product_of(v, "production_area")},
             {"production.count", ".per_piece", "piece", product_of(v, "production_count")}}};
}

void add_with_unit(figures& f, quantity const& sum, std::span<counted_product const> products, std::string const& name,
                   std::string const& unit)
{
    if (!sum.exists())
        return;
    f.push_back(total(name + ".total", unit, sum));
    for (auto const& p : products)
        if (p.made.amount.exists())
            f.push_back(ratio(fmt::format("{}{}", name, p.leaf), fmt::format("{}/{}", unit, p.unit), sum,
                              p.made.amount, {1, p.made.floor}));
}

} // namespace

/// Comprehensive energy counts what is bought less what is given away; on-site PV is not bought. Emissions count all
/// imports: energy given away avoids them elsewhere.
void add_intensity(figures& f, plant_view const& v)
{
    auto const e = flows(v);
    auto const products = products_of(v);
    auto const& c = v.model->carriers;
    auto const net = e.imported - e.exported;
    std::vector<carrier_use> energy{{net, c.electricity_kgce_per_kwh}};
    std::vector<carrier_use> emitted{{e.imported, v.grid_emission()}};
    if (e.imported.exists())
        f.push_back(from(day_min, total("tce.electricity", "kgce", net * c.electricity_kgce_per_kwh)));
    if (v.model->count_onsite_pv && e.pv.exists()) {
        energy.push_back({e.pv, c.electricity_kgce_per_kwh});
        f.push_back(from(day_min, total("tce.onsite_pv", "kgce", e.pv * c.electricity_kgce_per_kwh)));
    }
    for (auto const& [what, amount] : metered_carriers(v)) {
        auto const leaf = what.name == natural_gas ? "gas" : what.name;
        energy.push_back({amount, what.kgce});
        emitted.push_back({amount, what.co2_kg});
        f.push_back(from(day_min, total("tce." + leaf, "kgce", amount * what.kgce)));
        f.push_back(from(day_min, total("bought." + what.name, what.unit, amount)));
    }
    add_with_unit(f, carrier_sum(energy), products, "tce", "kgce");
    add_with_unit(f, carrier_sum(emitted), products, "co2", "kg");
    for (auto const& p : products)
        if (p.made.amount.exists())
            f.push_back(total(std::string{p.total}, std::string{p.unit}, p.made.amount));
}

} // namespace kilnwatt::energy
