#pragma once

namespace kilnwatt::simulator {

/// Density of water at 1.6 MPa, kg/m3; t in degC, 0..150 (polynomial fitted to IAPWS-IF97, error below 0.03 kg/m3).
double water_density(double t);
/// Enthalpy of water at 1.6 MPa, kJ/kg; t in degC, 0..150 (polynomial fitted to IAPWS-IF97, error below 0.02 kJ/kg).
double water_enthalpy(double t);
/// Enthalpy of saturated steam, kJ/kg; absolute pressure in MPa, 0.1..2.5.
double steam_enthalpy(double pressure_mpa);

/// Thermal power in W by EN 1434-1 with the flow sensor in the return: flow in m3/h, temperatures in degC.
double thermal_power(double flow_m3h, double supply_c, double return_c);

} // namespace kilnwatt::simulator
