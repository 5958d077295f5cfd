#include "agent/energy/threshold_alarm.hpp"

#include <cmath>

namespace kilnwatt::energy {

threshold_alarm::change threshold_alarm::on_value(threshold const& t, double v, instant now) noexcept
{
    if (std::isnan(v))
        return change::none;
    if (active_) {
        if (t.above ? v > t.limit - t.hysteresis : v < t.limit + t.hysteresis)
            return change::none;
        active_ = false;
        since_ = unset;
        return change::cleared;
    }
    auto const beyond = t.above ? v > t.limit : v < t.limit;
    if (!beyond) {
        since_ = unset;
        return change::none;
    }
    if (since_ == unset || now < since_)
        since_ = now;
    if (now - since_ < t.delay)
        return change::none;
    active_ = true;
    since_ = now;
    return change::raised;
}

void threshold_alarm::save(byte_writer& w) const
{
    w.number(active_ ? 1 : 0);
    w.signed_number(since_);
}

void threshold_alarm::load(byte_reader& r)
{
    active_ = r.number() != 0;
    since_ = r.signed_number();
    if (since_ < unset || since_ > instant_max || (active_ && since_ == unset))
        r.fail();
}

} // namespace kilnwatt::energy
