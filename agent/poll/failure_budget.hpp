#pragma once

#include "core/time.hpp"

#include <algorithm>

namespace kilnwatt::poll {

/// Limits the share of a link's time that failing devices may take, so that the healthy ones keep their period.
///
/// Pure: an account that fills with `share` of the time that passes, holds at most `reserve`, and is debited with what
/// failing exchanges took. A failing device may be asked while the account is not overdrawn.
class failure_budget {
public:
    explicit failure_budget(double share = 0.1, milliseconds reserve = milliseconds{2000})
        : share_{share}, reserve_{reserve}, balance_{reserve}
    {}

    void spent(mono_time now, milliseconds took)
    {
        refill(now);
        balance_ -= took;
    }

    /// When the next failing exchange may start; `now` when at once.
    mono_time allowed_at(mono_time now)
    {
        refill(now);
        if (balance_ >= milliseconds::zero())
            return now;
        auto const wait = static_cast<double>(-balance_.count()) / share_;
        return now + milliseconds{static_cast<milliseconds::rep>(wait) + 1};
    }

private:
    void refill(mono_time now)
    {
        if (now > at_) {
            auto const gained = static_cast<double>((now - at_).count()) * share_;
            credit_ += gained;
            auto const whole = static_cast<milliseconds::rep>(credit_);
            credit_ -= static_cast<double>(whole);
            balance_ = std::min(reserve_, balance_ + milliseconds{whole});
        }
        at_ = now;
    }

    double share_;
    milliseconds reserve_;
    milliseconds balance_;
    double credit_ = 0; ///< fraction of a millisecond
    mono_time at_{};
};

} // namespace kilnwatt::poll
