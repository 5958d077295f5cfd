#pragma once

namespace kilnwatt::energy {

/// Specific enthalpy of dry saturated steam, kJ/kg, at absolute pressure in MPa; 0.1..2.5 MPa, error below 0.1 kJ/kg
/// (a polynomial in ln p fitted to IAPWS-IF97). NaN outside.
double saturated_steam_enthalpy(double p_mpa);

/// degC at which water boils at absolute pressure in MPa, 0.1..16.5 (IAPWS-IF97, region 4). NaN outside.
double saturation_temperature(double p_mpa);

/// The same of wet steam; `dryness`: share of its mass that is steam, 0..1.
double wet_steam_enthalpy(double p_mpa, double dryness);

/// Heat that the boiler added, kWh, to `mass` kg of water that came with h_feed and left as steam with h_steam (kJ/kg).
double steam_heat(double mass, double h_steam, double h_feed);

} // namespace kilnwatt::energy
