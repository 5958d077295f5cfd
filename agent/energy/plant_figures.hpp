#pragma once

#include "agent/energy/balance.hpp"
#include "agent/energy/figure.hpp"
#include "agent/energy/plant_view.hpp"

#include <vector>

namespace kilnwatt::energy {

/// Every figure of the plant for one minute: site-wide ones first, then those of single devices. A figure whose role
/// the plant lacks is left out; one whose data is missing says so.
std::vector<figure> plant_figures(plant_view const& v);

/// The figure of a point that a formula uses, as it is named there.
void add_point(std::vector<figure>& f, plant_view const& v, std::string const& name);

inline constexpr double kilo = 1e-3; ///< W to kW, Wh to kWh
inline constexpr double percent = 100;

using figures = std::vector<figure>;

void add_pv(figures& f, plant_view const& v);
void add_pv_states(figures& f, plant_view const& v);   ///< availability, curtailment, night, weighted efficiency
void add_electricity(figures& f, plant_view const& v); ///< grid, battery, load, balance, PV first
void add_heat(figures& f, plant_view const& v);        ///< recovered heat
void add_boilers(figures& f, plant_view const& v);
void add_kilns(figures& f, plant_view const& v);     ///< consumption and temperatures of the kilns
void add_motors(figures& f, plant_view const& v);    ///< motors and their drives
void add_machines(figures& f, plant_view const& v);  ///< transformers, compressors, single loads
void add_cost(figures& f, plant_view const& v);      ///< electricity by the periods of its tariff
void add_intensity(figures& f, plant_view const& v); ///< comprehensive energy, CO2, product

/// The largest demand (kW) with the end of its 15 minutes, and what it costs.
void add_largest_demand(figures& f, plant_model const& model, quantity const& demand, instant end);

/// The month's charge for the largest `demand` (kW) or for the capacity, as the tariff says, and how far that demand is
/// below the largest before peaks were shaved.
void add_demand_cost(figures& f, plant_model const& model, quantity const& demand);

/// Sum over devices of what `part` gives for each.
template <class Part>
quantity sum_over(std::vector<std::size_t> const& devices, Part part)
{
    quantity sum;
    for (auto const i : devices)
        sum = sum + part(i);
    return sum;
}

quantity irradiance(plant_view const& v);                          ///< in the plane of the array, W/m2
quantity module_temperature(plant_view const& v);                  ///< degC
quantity pv_energy(plant_view const& v, std::size_t device);       ///< AC, kWh
quantity consumed_energy(plant_view const& v, std::size_t device); ///< kWh
quantity transformer_losses(plant_view const& v);                  ///< mean, kW
energy_flows flows(plant_view const& v);
std::vector<std::size_t> generators(plant_view const& v);       ///< that run on waste heat
quantity metered_load(plant_view const& v);                     ///< of the loads with a meter, kWh
quantity site_load(plant_view const& v, energy_flows const& e); ///< of all loads, kWh

/// What the plant makes, in the unit of its counter, and how much of it an energy per unit needs.
struct product {
    quantity amount;
    figure_floor floor{};
};
/// `counter` is "production_mass" (t), "production_area" (m2) or "production_count" (pieces).
product product_of(plant_view const& v, std::string_view counter = "production_mass");

} // namespace kilnwatt::energy
