#include "agent/energy/carriers.hpp"
#include "agent/energy/plant_figures.hpp"

namespace kilnwatt::energy {
namespace {

void add_with_unit(figures& f, quantity const& sum, product const& made, std::string const& name, std::string unit)
{
    if (!sum.exists())
        return;
    f.push_back(total(name + ".total", unit, sum));
    if (made.mass.exists())
        f.push_back(ratio(name + ".unit", unit + "/t", sum, made.mass, {1, made.floor}));
}

} // namespace

/// Comprehensive energy counts what is bought less what is given away; on-site PV is not bought. Emissions count all
/// imports: energy given away avoids them elsewhere.
void add_intensity(figures& f, plant_view const& v)
{
    auto const e = flows(v);
    auto const made = product_of(v);
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
    }
    add_with_unit(f, carrier_sum(energy), made, "tce", "kgce");
    add_with_unit(f, carrier_sum(emitted), made, "co2", "kg");
    if (made.mass.exists())
        f.push_back(total("production.mass", "t", made.mass));
}

} // namespace kilnwatt::energy
