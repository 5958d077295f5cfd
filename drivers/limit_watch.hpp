#pragma once

#include "core/quality.hpp"
#include "core/time.hpp"

#include <optional>

namespace kilnwatt::drivers {

/// What a point's value must be to be believed, in its canonical unit. Absent = no limit.
struct point_limits {
    std::optional<double> physical_min, physical_max;       ///< outside: bad
    std::optional<double> engineering_min, engineering_max; ///< outside: uncertain
    std::optional<double> max_rate;                         ///< change a second

    bool any() const { return *this != point_limits{}; }
    friend bool operator==(point_limits const&, point_limits const&) = default;
};

/// Judges the values of one point, one after the other. Pure; the state is the last value that was believed.
///
/// A step faster than max_rate is dropped as an outlier when it stands alone: two in a row near each other are a real
/// step.
class limit_watch {
public:
    /// good, engineering_range or out_of_range. Values that are no number need not come here.
    quality judge(point_limits const& limits, double value, mono_time now);

private:
    struct sample {
        double value = 0;
        mono_time time{};
    };

    static bool is_step(point_limits const& limits, sample const& from, sample const& to);

    std::optional<sample> believed_;
    std::optional<sample> doubted_;
};

} // namespace kilnwatt::drivers
