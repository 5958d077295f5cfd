#include "agent/energy/carriers.hpp"
#include "agent/energy/plant_figures.hpp"

namespace kilnwatt::energy {
namespace {

void add_with_unit(figures& f, quantity const& sum, quantity const& mass, std::string const& name, std::string unit)
{
    if (!sum.exists())
        return;
    f.push_back(total(name + ".total", unit, sum));
    if (mass.exists())
        f.push_back(ratio(name + ".unit", unit + "/t", sum, mass, {}));
}

} // namespace

/// Comprehensive energy counts what is bought less what is given away; on-site PV is not bought. Emissions count all
/// imports: energy given away avoids them elsewhere.
void add_intensity(figures& f, plant_view const& v)
{
    auto const e = flows(v);
    auto const gas = gas_volume(v);
    auto const mass = product_mass(v);
    auto const& c = v.model->carriers;
    auto const& co2 = v.model->emissions;
    carrier_use const energy[]{{e.imported - e.exported, c.electricity_kgce_per_kwh}, {gas, c.gas_kgce_per_m3}};
    carrier_use const emitted[]{{e.imported, v.grid_emission()}, {gas, co2.gas_kg_per_m3}};
    if (e.imported.exists())
        f.push_back(from(day_min, total("tce.electricity", "kgce", energy[0].amount * energy[0].coefficient)));
    if (gas.exists())
        f.push_back(from(day_min, total("tce.gas", "kgce", energy[1].amount * energy[1].coefficient)));
    add_with_unit(f, carrier_sum(energy), mass, "tce", "kgce");
    add_with_unit(f, carrier_sum(emitted), mass, "co2", "kg");
    if (mass.exists())
        f.push_back(total("production.mass", "t", mass));
}

} // namespace kilnwatt::energy
