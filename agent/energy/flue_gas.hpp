#pragma once

namespace kilnwatt::energy {

/// Mean heat capacity of flue gas between 0 degC and its temperature, kJ/(Nm3 K), when its composition is unknown.
inline constexpr double flue_gas_heat_capacity = 1.38;

/// Nm3/h (0 degC, 101.325 kPa) of a gas flow in m3/h at t degC and p kPa.
double normal_flow(double flow, double t, double p_kpa);

/// kW that a flow of flue gas in Nm3/h gives up when it cools from `from` to `to` degC.
double sensible_heat(double normal_flow, double from, double to, double heat_capacity = flue_gas_heat_capacity);

/// Nm3 (or kg) of fuel with an LHV in MJ a unit that recovered heat in GJ saves at a boiler's efficiency 0..1.
double displaced_fuel(double heat_gj, double boiler_efficiency, double lhv_mj);

} // namespace kilnwatt::energy
