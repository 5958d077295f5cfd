#pragma once

#include <algorithm>
#include <chrono>

namespace kilnwatt::publish {

/// A token bucket that holds a tenth of a second's worth, at least one. Pure: time is an argument and never goes back.
class rate_limit {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// 0 or less: no limit.
    explicit rate_limit(double per_second) : per_second_{per_second}, tokens_{depth()} {}

    /// Takes one token when there is one.
    bool take(time_point now)
    {
        if (per_second_ <= 0)
            return true;
        refill(now);
        if (tokens_ < 1.0)
            return false;
        tokens_ -= 1.0;
        return true;
    }

    /// Time until take() would succeed, rounded up; 0 when it would now.
    std::chrono::milliseconds wait(time_point now)
    {
        if (per_second_ <= 0)
            return {};
        refill(now);
        auto const missing = std::chrono::duration<double>{std::max(0.0, 1.0 - tokens_) / per_second_};
        return std::chrono::ceil<std::chrono::milliseconds>(missing);
    }

private:
    double depth() const { return std::max(1.0, per_second_ / 10.0); }

    void refill(time_point now)
    {
        auto const passed = std::chrono::duration<double>{now - filled_}.count();
        tokens_ = std::min(depth(), tokens_ + passed * per_second_);
        filled_ = now;
    }

    double per_second_;
    double tokens_;
    time_point filled_{};
};

} // namespace kilnwatt::publish
