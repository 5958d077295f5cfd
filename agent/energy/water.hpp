#pragma once

namespace kilnwatt::energy {

/// Specific enthalpy of liquid water, kJ/kg, at t in degC (0..350) and absolute pressure in MPa (saturation..100);
/// IAPWS-IF97, region 1. NaN outside 0..350 degC.
double water_enthalpy(double t, double p_mpa);

} // namespace kilnwatt::energy
