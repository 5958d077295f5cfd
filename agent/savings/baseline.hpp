#pragma once

#include "agent/savings/regression.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::savings {

/// Length of the periods a model is fitted on.
enum class step : std::uint8_t { hour, day, month };

std::string_view to_string(step s) noexcept;
std::optional<step> step_from_string(std::string_view text) noexcept;

/// How well a model must follow its own baseline. ASHRAE Guideline 14 for hourly and monthly data; for daily data, for
/// which it has none, values between them.
struct acceptance {
    double cv_rmse_max = 0;
    double nmbe_max = 0;
};
acceptance acceptance_of(step s) noexcept;

inline constexpr std::size_t points_min = 12;
inline constexpr double r2_min = 0.75;
inline constexpr double t_min = 2;
inline constexpr double range_low = 0.9;  ///< of the lowest driver of the baseline: below it the model extrapolates
inline constexpr double range_high = 1.1; ///< of the highest

/// An independent variable with the range that the baseline covers.
struct driver {
    std::string name; ///< a metric or an entry's item, for example "production"
    std::string unit;
    double min = 0;
    double max = 0;
    double mean = 0;

    /// The model may speak of this value without extrapolating.
    bool covers(double v) const;
};

/// One period with its numbers: of the baseline or of a report.
struct period {
    std::string label; ///< local date, "2026-03-01" or "2026-03"; periods sort by it
    sample numbers;
};

/// A model of the energy as it would have been without the measure. Frozen with an id it is never changed.
struct baseline {
    std::string id;     ///< "" until it is frozen
    std::string energy; ///< metric, for example "press_pump.e"
    std::string unit;   ///< of the energy, per period
    step length = step::day;
    std::string first, last; ///< labels of its first and last period
    std::vector<driver> drivers;
    regression model;
    std::string data_hash; ///< data_hash() of its periods
    std::string author;
    std::string frozen; ///< UTC, "2026-03-01T00:00:00Z"; "" until then
};

/// Fits a baseline on periods in order of time. Driver names and units come from `b`; the rest is filled in.
/// False with `why` when nothing can be fitted.
bool fit_baseline(baseline& b, std::vector<period> const& periods, std::string& why);

/// Every reason why the model may carry no claim (IPMVP, ASHRAE Guideline 14), a sentence each; empty when it may.
std::vector<std::string> defects_of(baseline const& b);

/// The periods as text, a line each with every digit: what the hash is of, so that it can be recomputed with
/// sha256sum.
std::string data_text(std::vector<period> const& periods);

/// SHA-256 of data_text as 64 hexadecimal digits.
std::string data_hash(std::vector<period> const& periods);

} // namespace kilnwatt::savings
