#pragma once

namespace kilnwatt::energy {

/// Specific enthalpy of dry saturated steam, kJ/kg, at absolute pressure in MPa; 0.1..2.5 MPa, error below 0.1 kJ/kg
/// (a polynomial in ln p fitted to IAPWS-IF97). NaN outside.
double saturated_steam_enthalpy(double p_mpa);

/// Heat that the boiler added, kWh, to `mass` kg of water that came with h_feed and left as steam with h_steam (kJ/kg).
double steam_heat(double mass, double h_steam, double h_feed);

} // namespace kilnwatt::energy
