#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kilnwatt::energy {

/// A unit as a factor to the base units and their exponents: "kWh/t" is 1 of energy / mass.
///
/// Base units: kWh, h, t, m, K, CNY, kgce, V, A, kvarh. Coal equivalent is a kind of its own, and reactive energy is no
/// energy, so that neither is added to kWh by mistake. "%" is 0.01, pieces are numbers.
struct measure {
    static constexpr std::size_t kinds = 10;

    double factor = 1;
    std::array<std::int8_t, kinds> exponents{};

    bool same_kind(measure const& other) const { return exponents == other.exponents; }
};

/// "kWh", "kWh/m3", "CNY/kWh", "kg/h", "1", "", "W/m2", "kWh/(t.h)" is not: one "/" and "." between factors. Nothing
/// for a unit that is not known.
std::optional<measure> measure_of(std::string_view unit);

} // namespace kilnwatt::energy
