#pragma once

#include <optional>
#include <span>
#include <string>

namespace kilnwatt::energy {

/// What one meter puts into the balance of an interval, kWh: sources are positive, uses negative.
struct meter_part {
    std::string meter;
    double energy = 0;
    /// What it would be with its CTs turned round; nothing where that would change nothing.
    std::optional<double> turned_round;
};

/// The one mistake of one meter that would close the balance.
struct balance_hint {
    std::string meter;
    std::string mistake; ///< "turned round", "one phase turned round", "one phase missing"
    double share = 0;    ///< what would be left, of the larger side
};

inline constexpr double balance_good = 0.03;    ///< |residual| of the larger side
inline constexpr double balance_warning = 0.05; ///< above it the balance does not close

/// Looks for the meter that does not fit: read with its CTs turned round, with one of three phases turned round (it
/// counts a third) or missing (it counts two thirds). Nothing when the balance closes, when no single mistake closes it
/// to 1.5 %, or when another meter would explain it nearly as well (3 %).
std::optional<balance_hint> find_misfit(std::span<meter_part const> parts);

/// Sources less uses, and the larger of both sides, kWh.
struct balance_sides {
    double residual = 0;
    double size = 0;
    double share() const { return size > 0 ? (residual < 0 ? -residual : residual) / size : 0; }
};
balance_sides sides_of(std::span<meter_part const> parts);

} // namespace kilnwatt::energy
