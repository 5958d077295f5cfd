#pragma once

namespace kilnwatt::energy {

inline constexpr double zero_celsius = 273.15; ///< K
inline constexpr double kj_per_kwh = 3600;
inline constexpr double mj_per_kwh = 3.6;

} // namespace kilnwatt::energy
