#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt {

/// canonical = source * factor + offset. The pair keeps factors like 1/3600 as a division, so no digit is lost.
struct unit_conversion {
    double factor = 1.0;
    double offset = 0.0;
    std::string_view
        canonical; ///< W, Wh, var, varh, VA, VAh, V, A, Hz, degC, K, m3, m3/h, kg, kg/h, t, Pa, s, %, 1, ...
};

/// How a unit of a manual becomes the project's unit for that quantity; nothing for a unit we do not know.
/// "" and "1" are the same: a plain number. "C" and "degC" are degrees Celsius.
/// kWh, MWh, GJ, Gcal become Wh (1 GJ = 277'777.78 Wh, 1 Gcal = 4.1868 GJ).
std::optional<unit_conversion> canonical_unit(std::string_view unit) noexcept;

/// Units in which the same quantity can be written, each with its factor to `unit`, which comes first. A unit that we
/// do not know is alone.
std::vector<std::pair<std::string_view, double>> units_like(std::string_view unit);

} // namespace kilnwatt
