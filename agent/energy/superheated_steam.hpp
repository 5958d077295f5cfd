#pragma once

namespace kilnwatt::energy {

/// Specific enthalpy of superheated steam, kJ/kg, at absolute pressure in MPa, above 0 to 16.5, and temperature in
/// degC, saturation to 800 (IAPWS-IF97, region 2). NaN outside; below saturation it is not told.
double superheated_steam_enthalpy(double p_mpa, double t_celsius);

} // namespace kilnwatt::energy
