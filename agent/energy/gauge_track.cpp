#include "agent/energy/gauge_track.hpp"

#include "agent/energy/byte_stream.hpp"

#include <algorithm>

namespace kilnwatt::energy {

void gauge_track::stand(instant to, double slope)
{
    auto const value_at = [&](instant t) { return x_ + slope * static_cast<double>(t - at_); };
    to = std::min(to, until_);
    while (accounted_ < to) {
        auto const edge = std::min(floor_to(accounted_, minute) + minute, to);
        open_.at(accounted_).ramp(value_at(accounted_), value_at(edge), q_, accounted_, edge);
        accounted_ = edge;
    }
}

/// The value stood for `span` ms that the wall clock shows a second time.
void gauge_track::stand_again(instant span, instant closed)
{
    span = std::min(span, period_.max_hold());
    if (span <= 0)
        return;
    auto const t = std::max(at_, closed);
    open_.at(t).hold_again(x_, combined(q_, quality::time_uncertain), t, t + span);
}

void gauge_track::on_reading(instant t, double x, quality q, instant closed, mono_time mono)
{
    auto const rose = any_ && x_ <= 0 && x > 0;
    auto const unseen = any_ && t > until_ && x_ > 0 && x > 0;
    auto const passed = mono.time_since_epoch().count() - mono_; // below 0 when the last one was of another run
    mono_ = mono.time_since_epoch().count();
    if (any_ && went_back_)
        stand_again(passed - std::max<instant>(0, t - at_), closed);
    else if (any_ && t < at_)
        stand_again(passed - (accounted_ - at_), closed);
    went_back_ = any_ && (t < at_ || (t == at_ && went_back_));
    if (any_ && t <= at_) {
        if (went_back_)
            q = combined(q, quality::time_uncertain);
        t = at_;
    } else {
        if (any_) {
            auto const moves = between_ == interpolation::linear && t <= until_;
            stand(t, moves ? (x - x_) / static_cast<double>(t - at_) : 0);
            period_.saw(t - at_);
        }
        at_ = t;
        until_ = t + period_.max_hold();
        accounted_ = std::max(t, closed);
    }
    any_ = true;
    x_ = x;
    q_ = q;
    if (t < closed)
        return;
    open_.at(t).sample(x, q, t);
    open_.at(t).rises += rose ? 1 : 0;
    open_.at(t).unseen_rises += unseen ? 1 : 0;
}

void gauge_track::on_missing(instant t, quality why, instant closed)
{
    if (t >= closed && t >= at_)
        open_.at(t).missed(why);
}

gauge_summary gauge_track::close(instant end)
{
    if (any_ && accounted_ < end)
        stand(end);
    return open_.take(end - minute);
}

void gauge_track::save(byte_writer& w, instant closed) const
{
    w.number((any_ ? 1u : 0u) | (went_back_ ? 2u : 0u));
    w.signed_number(mono_);
    w.real(x_);
    w.cause(q_);
    for (auto const t : {at_, until_, accounted_, period_.period, period_.candidate})
        w.signed_number(t);
    w.number(open_.size());
    for (std::size_t i = 0; i < open_.size(); ++i)
        energy::save(w, open_.at(closed + static_cast<instant>(i) * minute));
}

void gauge_track::load(byte_reader& r, instant closed)
{
    auto const flags = r.number();
    any_ = (flags & 1) != 0;
    went_back_ = (flags & 2) != 0;
    mono_ = r.signed_number();
    x_ = r.real();
    q_ = r.cause();
    for (auto* t : {&at_, &until_, &accounted_, &period_.period, &period_.candidate})
        *t = r.signed_number();
    if (at_ < 0 || at_ > instant_max || until_ < at_ || until_ - at_ > hold_max || accounted_ < at_)
        r.fail();
    auto const saved = r.count();
    for (std::size_t i = 0; i < saved; ++i) {
        gauge_summary s;
        energy::load(r, s);
        if (i < open_.size())
            open_.at(closed + static_cast<instant>(i) * minute) = s;
    }
}

} // namespace kilnwatt::energy
