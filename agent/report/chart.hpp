#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// Numbers over the parts of a period, drawn as one SVG picture without scripts or outside references.
struct chart {
    struct series {
        std::string name;
        std::string colour;                        ///< CSS, "#e8a33d"
        std::vector<std::optional<double>> values; ///< one a part; none = a gap
    };

    enum class shape {
        stacked, ///< bars on each other; values below 0 hang from the axis
        bars,    ///< the first series only
        lines,   ///< steps, one line a series
    };

    std::string unit; ///< of the upright axis
    shape as = shape::stacked;
    std::vector<std::string> parts; ///< label of each part
    std::vector<series> all;

    bool empty() const; ///< there is no number at all
};

std::string svg_of(chart const& c);

/// About `steps` round numbers from `low` to `high`, both in: the marks of an axis. Always at least two.
std::vector<double> axis_marks(double low, double high, int steps);

} // namespace kilnwatt::report
