#pragma once

#include <cstdint>
#include <limits>

namespace kilnwatt::energy {

/// What a pair of readings of one counter means.
enum class counter_step : std::uint8_t {
    forward,
    jitter,    ///< went back by no more than three steps of its resolution: did not move
    rollover,  ///< ran over its last digit
    reset,     ///< started again from zero
    replaced,  ///< another meter (or another CT ratio): what was used in between is unknown
    exchanged, ///< another meter, and both were read at the exchange
    too_far,   ///< rose by more than the rated power allows
};

struct counter_limits {
    double modulus = 0;                                    ///< 0 = unknown
    double rise = std::numeric_limits<double>::infinity(); ///< most it can rise in the time between; inf = unknown
    double resolution = 0;                                 ///< its smallest step
};

struct step_verdict {
    counter_step step = counter_step::forward;
    double delta = 0; ///< what was used in between, in the counter's unit; 0 when unknown
};

/// Where the rated power is unknown, a rollover or a reset is believed only when it leaves at most this share of the
/// modulus, or of the reading before it.
inline constexpr double unrated_share = 0.01;
inline constexpr double jitter_steps = 3;

/// Is a counter's step too coarse for what it gained? (above 2 % of it)
constexpr bool is_coarse(double resolution, double gain)
{
    return gain > 0 && resolution > 0.02 * gain;
}

step_verdict judge(double previous, double current, counter_limits const& l);

} // namespace kilnwatt::energy
