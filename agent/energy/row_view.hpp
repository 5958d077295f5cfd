#pragma once

#include "core/row.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::energy {

/// Columns of a window's row by name.
struct row_view {
    row const& r;

    /// A number that is there; nothing for a column that is missing or bad.
    std::optional<double> number(std::string_view name) const;
    /// The same of one that covers 95 % of the window and is not in doubt: "active_power" and ".mean".
    std::optional<double> sure(std::string_view point, std::string_view part) const;
};

} // namespace kilnwatt::energy
