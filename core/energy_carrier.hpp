#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace kilnwatt {

/// An energy carrier, or a medium that took energy to make, that a plant buys, with the coefficients that hold where
/// the site has none of its own.
struct energy_carrier {
    std::string_view name; ///< "diesel"
    std::string_view unit; ///< in which it is counted: "kg", "m3", "GJ", "t"
    double kgce = 0;       ///< a unit of it, GB/T 2589-2020, annexes A and B; of a range its common value
    bool burns = false;    ///< a fuel
    /// kg CO2 of a unit: fuels by the national guides for industry (LHV x carbon x oxidation x 44/12), bought heat
    /// 0.11 t/GJ, media none. Nothing: there is no usual one, the site says it.
    std::optional<double> co2_kg;
};

inline constexpr double mj_per_kgce = 29.3076;
inline constexpr std::string_view carrier_standard = "GB/T 2589-2020";
inline constexpr std::string_view carrier_co2_standard = "national guides for industry";

/// Carriers beside electricity and natural gas.
std::span<energy_carrier const> energy_carriers() noexcept;

/// Null for an unknown name.
energy_carrier const* energy_carrier_named(std::string_view name) noexcept;

} // namespace kilnwatt
