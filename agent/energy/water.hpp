#pragma once

namespace kilnwatt::energy {

/// Specific enthalpy of liquid water, kJ/kg, at t in degC (0..350) and absolute pressure in MPa (saturation..100);
/// IAPWS-IF97, region 1. NaN outside 0..350 degC.
double water_enthalpy(double t, double p_mpa);

/// Density in kg/m3; range, source and NaN as above.
double water_density(double t, double p_mpa);

/// Heat in kWh that `volume` m3 of water carried from t_in to t_out degC, with the flow sensor at `t_sensor` (one of
/// the two): E = rho(t_sensor) V (h_in - h_out) at 1.6 MPa, as EN 1434-1 has it.
double carried_heat(double volume, double t_in, double t_out, double t_sensor);

} // namespace kilnwatt::energy
