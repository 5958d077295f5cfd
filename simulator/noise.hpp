#pragma once

#include <cstdint>

namespace kilnwatt::simulator {

/// A seeded stream of numbers, the same on every machine (SplitMix64; Steele, Lea, Flood 2014). Streams of one seed are
/// independent, so a new consumer does not move the others.
class random_source {
public:
    random_source(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t bits();
    double uniform(); ///< [0, 1)
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    double normal(); ///< mean 0, standard deviation 1

private:
    std::uint64_t state_;
};

/// A first-order autoregressive process with mean 0 and standard deviation 1, sampled once a second.
class drift {
public:
    /// correlation_s: after so many seconds the value has forgotten all but 1/e of itself.
    drift(double correlation_s, random_source source);

    double next();
    double value() const { return value_; }

private:
    random_source source_;
    double keep_;
    double fresh_;
    double value_;
};

/// A machine that works and rests in turns, for random times between the bounds; 0..1 with a ramp at each edge.
class duty_cycle {
public:
    struct bounds {
        double on_min_s, on_max_s;
        double off_min_s, off_max_s;
        double ramp_s;
    };

    duty_cycle(bounds b, random_source source);

    /// One second later: 0 at rest, 1 at work.
    double next();
    double level() const { return level_; }
    bool working() const { return on_; }

private:
    bounds bounds_;
    random_source source_;
    bool on_ = true;
    double left_s_;
    double level_ = 1.0;
};

} // namespace kilnwatt::simulator
