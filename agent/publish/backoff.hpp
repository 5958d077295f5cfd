#pragma once

#include <algorithm>
#include <chrono>

namespace kilnwatt::publish {

/// How long to wait before the next connection attempt: `first` doubling to `most`, each spread over its upper half so
/// that many gateways do not come back in step; `refused` when only a person can help. Pure.
class backoff {
public:
    using milliseconds = std::chrono::milliseconds;

    struct options {
        milliseconds first{500};
        milliseconds most{3'000}; ///< with a slow connect (Paho: 1.1 s) below the 5 s within which data must flow again
        milliseconds refused{60'000};
        milliseconds settled{10'000}; ///< a connection that held so long starts the series again
    };

    explicit backoff(options o) : options_{o} {}

    /// The attempt failed or the connection broke. `random` lies in 0..1.
    milliseconds after_failure(double random)
    {
        auto const ceiling = step();
        ++failures_;
        return std::chrono::ceil<milliseconds>(ceiling * (0.5 + 0.5 * std::clamp(random, 0.0, 1.0)));
    }

    /// The broker refused us: retrying soon cannot help.
    milliseconds after_refusal() const { return options_.refused; }

    /// What is left of a pause counted from the start of the attempt: one that hung `took` has waited already.
    milliseconds left(milliseconds pause, milliseconds took) const
    {
        return std::min(pause, std::max(pause - took, options_.first / 2));
    }

    void connected_for(milliseconds held)
    {
        if (held >= options_.settled)
            failures_ = 0;
    }

    void reset() { failures_ = 0; }

private:
    std::chrono::duration<double, std::milli> step() const
    {
        constexpr int doublings_max = 16;
        return std::min(options_.most, options_.first * (1 << std::min(failures_, doublings_max)));
    }

    options options_;
    int failures_ = 0;
};

} // namespace kilnwatt::publish
