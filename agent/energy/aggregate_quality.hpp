#pragma once

#include "core/quality.hpp"

#include <array>
#include <cstdint>

namespace kilnwatt::energy {

/// How an aggregate was obtained; the numbers are those of the column "<X>.method".
enum class method : std::uint8_t { counter = 0, integral = 1, model = 2 };

inline constexpr double coverage_good = 0.95;   ///< from here an aggregate may be good
inline constexpr double coverage_usable = 0.75; ///< below it has no value

/// ms that make a whole period uncertain, however long it is: an unknown amount is missing or strange to it, which the
/// little time that it took does not measure.
inline constexpr std::int64_t past_doubt = 400LL * 24 * 3'600'000;

/// Causes of doubt, from those that say least of a value to those by which it may be furthest from the truth: what is
/// coarse, what is guessed, what stood still, what is counted from an unknown start, what lacks a part, what is not
/// real.
inline constexpr std::array doubts{quality::low_resolution, quality::initial,           quality::held,
                                   quality::below_minimum,  quality::denominator_low,   quality::low_coverage,
                                   quality::interpolated,   quality::gap_energy,        quality::estimated,
                                   quality::time_uncertain, quality::engineering_range, quality::held_offline,
                                   quality::stuck,          quality::balance_error,     quality::counter_reset,
                                   quality::inputs_missing, quality::simulated};

/// The quality that matters more. Unlike worst() it is symmetric, so that summaries can be merged in any order: of two
/// uncertain ones the later of `doubts`, of two good or two bad ones the lower number.
constexpr quality combined(quality a, quality b) noexcept;

/// `q`, the worst of an aggregate of `length` ms, unless it is uncertain for so short a part of it (`dubious` ms) that
/// the whole stays good: one minute in doubt does not spoil a month.
quality weighed(quality q, std::int64_t dubious, std::int64_t length) noexcept;

/// Quality of an aggregate that covers the share `coverage` (0..1) of its window.
quality graded(quality q, double coverage) noexcept;

constexpr quality combined(quality a, quality b) noexcept
{
    constexpr auto rank = [](quality q) {
        auto const n = static_cast<int>(q);
        if (n >= static_cast<int>(quality::not_read))
            return 2 * static_cast<int>(doubts.size());
        auto place = 0;
        if (n >= static_cast<int>(quality::held))
            for (auto const d : doubts)
                if (++place; d == q)
                    break;
        return place;
    };
    if (a == b)
        return a;
    if (rank(a) != rank(b))
        return rank(a) > rank(b) ? a : b;
    return a < b ? a : b;
}

} // namespace kilnwatt::energy
