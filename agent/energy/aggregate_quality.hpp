#pragma once

#include "core/quality.hpp"

#include <cstdint>

namespace kilnwatt::energy {

/// How an aggregate was obtained; the numbers are those of the column "<X>.method".
enum class method : std::uint8_t { counter = 0, integral = 1, model = 2 };

inline constexpr double coverage_good = 0.95;   ///< from here an aggregate may be good
inline constexpr double coverage_usable = 0.75; ///< below it has no value

/// ms that make a whole period uncertain, however long it is: an unknown amount is missing or strange to it, which the
/// little time that it took does not measure.
inline constexpr std::int64_t past_doubt = 400LL * 24 * 3'600'000;

/// The quality that matters more. Unlike worst() it is symmetric, so that summaries can be merged in any order: of two
/// causes with one severity the lower number stays.
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
        return n >= static_cast<int>(quality::not_read) ? 2 : n >= static_cast<int>(quality::held) ? 1 : 0;
    };
    if (rank(a) != rank(b))
        return rank(a) > rank(b) ? a : b;
    return a < b ? a : b;
}

} // namespace kilnwatt::energy
