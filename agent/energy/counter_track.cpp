#include "agent/energy/counter_track.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double power_margin = 1.2;

quality cause_of(counter_step s)
{
    switch (s) {
    case counter_step::reset:
        return quality::counter_reset;
    case counter_step::replaced:
    case counter_step::too_far:
        return quality::meter_replaced;
    case counter_step::forward:
    case counter_step::jitter:
    case counter_step::rollover:
    case counter_step::exchanged:
        break;
    }
    return quality::good;
}

bool continues(counter_reading const& before, counter_reading const& r, counter_limits const& l)
{
    auto const rise = r.value - before.value;
    return rise >= -jitter_steps * l.resolution && rise <= l.rise;
}

} // namespace

double on_grid(double edge)
{
    constexpr double steps = 1 << 20;
    constexpr double whole = 1ull << 33; // from here a double's own steps are coarser
    return std::abs(edge) < whole ? std::round(edge * steps) / steps : edge;
}

counter_limits counter_track::limits(counter_reading const& before, instant span) const
{
    counter_limits l;
    l.modulus = rules_.modulus > 0 ? rules_.modulus : before.native_modulus;
    l.resolution = before.resolution;
    if (rules_.power_max > 0 && !went_back_)
        l.rise = power_margin * rules_.power_max * static_cast<double>(span + refresh_slack) + 2 * l.resolution;
    else if (former_ > 0 &&
             before.value < former_) // back to the former meter's numbers in one step is no use of energy
        l.rise = unrated_share * former_;
    return l;
}

std::optional<counter_incident> counter_track::on_reading(counter_reading r, instant closed)
{
    if (r.value == 0 && r.q == quality::initial)
        return std::nullopt;
    if (!any_) {
        any_ = true;
        last_ = r;
        measured_at_ = r.at;
        edge_ = quarter_edge_ = {r.at, on_grid(r.value), quality::good};
        return std::nullopt;
    }
    if (r.at <= last_.at) {
        went_back_ = went_back_ || r.at < last_.at;
        return std::nullopt;
    }
    std::optional<counter_incident> incident;
    if (held_) {
        incident = resolve(r, closed);
        if (held_)
            return incident;
    }
    auto const v = judge(last_.value, r.value, limits(last_, r.at - measured_at_));
    if (v.step == counter_step::jitter)
        r.value = last_.value;
    if (v.step == counter_step::forward || v.step == counter_step::jitter)
        accept(r, v.delta, quality::good, closed);
    else
        held_ = r;
    return incident;
}

bool counter_track::contradicts(counter_reading const& r) const
{
    auto const& newest = held_ ? *held_ : last_;
    return any_ && !went_back_ && measured_at_ == last_.at && r.at == newest.at &&
           std::abs(r.value - newest.value) > jitter_steps * r.resolution;
}

std::optional<counter_incident> counter_track::resolve(counter_reading const& r, instant closed)
{
    auto const held = *held_;
    if (r.at <= held.at)
        return std::nullopt;
    auto const v = judge(last_.value, held.value, limits(last_, held.at - measured_at_));
    if (continues(last_, r, limits(last_, r.at - measured_at_))) {
        held_.reset();
        return counter_incident{v.step, true, last_.value, held.value, 0};
    }
    if (!continues(held, r, limits(held, r.at - held.at))) {
        held_ = r;
        return std::nullopt;
    }
    held_.reset();
    auto const replaced = v.step == counter_step::too_far || v.step == counter_step::replaced;
    counter_incident found{replaced ? counter_step::replaced : v.step, false, last_.value, held.value,
                           replaced ? 0 : v.delta};
    if (found.step != counter_step::rollover) {
        change_ = {last_.at, held.at, last_.value, held.value, found.delta, measured_at_ < last_.at};
        auto const known = std::find_if(foreseen_.begin(), foreseen_.end(), [&](late_gain const& f) {
            return f.exchanged && f.from == change_.from && f.to == change_.to;
        });
        auto used = told_ ? stitched(change_, *told_) : std::nullopt;
        if (used)
            told_.reset();
        if (known != foreseen_.end())
            used = known->delta;
        if (used) {
            found.step = counter_step::exchanged;
            found.delta = *used;
            change_.counted = *used;
        }
    }
    if (found.step == counter_step::replaced)
        former_ = last_.value;
    accept(held, found.delta, cause_of(found.step), closed);
    return found;
}

/// What was used in between when the readings fit what was seen: neither meter ran backwards, the time is right within
/// an hour, as people note it, and a meter with a rated power cannot have counted so much (a digit too many).
std::optional<double> counter_track::stitched(segment_change const& s, exchange_readings const& x) const
{
    auto const fits =
        x.at >= s.from - hour && x.at <= s.to + hour && x.final_reading >= s.last && x.first_reading <= s.first;
    auto const used = x.final_reading - s.last + s.first - x.first_reading;
    auto const most = power_margin * rules_.power_max * static_cast<double>(s.to - s.from + refresh_slack);
    return fits && (rules_.power_max <= 0 || used <= most) ? std::optional{used} : std::nullopt;
}

bool counter_track::foreseen(segment_change const& s, double used) const
{
    return std::any_of(foreseen_.begin(), foreseen_.end(), [&](late_gain const& f) {
        return f.exchanged && f.from == s.from && f.to == s.to && f.delta == used;
    });
}

std::optional<counter_incident> counter_track::on_exchange(exchange_readings const& x, instant closed)
{
    auto const used = change_.to != 0 ? stitched(change_, x) : std::nullopt;
    if (!used) {
        told_ = x;
        return std::nullopt;
    }
    if (*used == change_.counted || foreseen(change_, *used))
        return std::nullopt; // as told before
    late_.push_back({change_.from, change_.to, change_.from, *used, quality::good, true});
    offset_ += *used - change_.counted;
    auto const known_now = [](quality& q) { q = q == quality::meter_replaced ? quality::gap_energy : q; };
    for (std::size_t i = 0; i < open_.size(); ++i)
        known_now(open_.at(closed + static_cast<instant>(i) * minute).marks);
    known_now(quarter_marks_);
    mark(last_.at, last_.at + 1, quality::gap_energy, closed);
    change_.counted = *used; // until the next change of the counter a correction replaces it
    return counter_incident{counter_step::exchanged, false, change_.last, change_.first, *used};
}

/// Which part of what is gained between two readings is gained until `t`.
double counter_track::share(instant from, instant t, instant to) const
{
    if (rules_.sun && to - from > period_.max_hold())
        return sun_share(from, t, to, *rules_.sun);
    return static_cast<double>(t - from) / static_cast<double>(to - from);
}

void counter_track::accept(counter_reading const& r, double delta, quality why, instant closed)
{
    auto const before = last_.value + offset_;
    auto const after = before + delta;
    auto const guess = r.at - last_.at > period_.max_hold() ? quality::interpolated : quality::good;
    for (auto e = std::max(floor_to(last_.at, minute), closed) + minute; e <= r.at; e += minute) {
        auto& w = open_.at(e - minute);
        w.known = true;
        w.end = on_grid(e == r.at ? after : before + delta * share(last_.at, e, r.at));
        w.end_q = e == r.at ? quality::good : guess;
    }
    if (measured_at_ < last_.at && delta > jitter_steps * r.resolution)
        why = combined(why, quality::gap_energy); // it did not stand still
    if (went_back_)                               // what was used meanwhile is in these windows, whenever that was
        why = combined(why, quality::time_uncertain);
    mark(last_.at, r.at, combined(r.q, why), closed);
    auto const gap = r.at - last_.at;
    if (edge_.at < std::min(closed, r.at) && gap <= rules_.gap_total_max &&
        (!reads_slowly() || gap > period_.max_hold()))
        late_.push_back({last_.at, r.at, edge_.at, delta, combined(r.q, why)});
    period_.saw(r.at - last_.at);
    went_back_ = false;
    if (delta != r.value - last_.value)
        offset_ = after - r.value;
    last_ = r;
    measured_at_ = r.at;
}

void counter_track::mark(instant from, instant to, quality q, instant closed)
{
    if (severity_of(q) == severity::good)
        return;
    for (auto w = std::max(floor_to(from, minute), closed); w < to; w += minute)
        open_.at(w).marks = combined(open_.at(w).marks, q);
}

void counter_track::on_sleep(instant t, instant closed)
{
    if (!any_ || held_ || t <= last_.at)
        return;
    auto const measured = measured_at_;
    auto r = last_;
    r.at = t;
    r.q = quality::night;
    accept(r, 0, quality::good, closed);
    measured_at_ = measured;
}

std::optional<instant> counter_track::gap_since(instant closed) const
{
    if (!any_ || edge_.at >= closed || closed - last_.at > rules_.gap_total_max)
        return std::nullopt;
    if (reads_slowly() && !held_ && closed - last_.at <= period_.max_hold())
        return std::nullopt;
    return edge_.at;
}

std::optional<instant> counter_track::change_since(instant closed) const
{
    auto const open = change_.to != 0 && !change_.slept && closed - change_.to <= rules_.gap_total_max;
    return open ? std::optional{change_.from} : std::nullopt;
}

/// The window's end as the gains that are known to come tell it.
void counter_track::fill(open_window& w, instant end) const
{
    auto at = last_.at;
    auto value = last_.value + offset_;
    for (auto const& f : foreseen_) {
        if (f.from != at || f.from >= end)
            continue;
        w.marks = combined(w.marks, f.why);
        if (end <= f.to) {
            auto const guess = f.to - f.from > period_.max_hold();
            w.known = true;
            w.end = on_grid(value + f.delta * share(at, end, f.to));
            w.end_q = guess && end < f.to ? quality::interpolated : quality::good;
            return;
        }
        at = f.to;
        value += f.delta;
    }
}

/// `value` is the gain from the edge at `from` to the last known edge.
counter_delta counter_track::gain(instant start, instant end, instant from, double value, quality q) const
{
    counter_delta d;
    d.from = from;
    if (edge_.at <= from) {
        d.q = quality::no_data;
        return d;
    }
    d.covered = std::max<instant>(0, std::min(edge_.at, end) - std::max(from, start));
    d.whole = from == start && edge_.at == end && severity_of(q) != severity::bad;
    d.known = severity_of(q) != severity::bad;
    d.value = d.known ? value : 0;
    d.q = q;
    if (from < start && d.known)
        d.q = quality::gap_energy;
    else if (static_cast<double>(d.covered) < coverage_good * static_cast<double>(end - start))
        d.q = combined(d.q, quality::low_coverage);
    d.resolution = last_.resolution;
    if (is_coarse(d.resolution, value))
        d.q = combined(d.q, quality::low_resolution);
    return d;
}

counter_delta counter_track::close_minute(instant end)
{
    auto w = open_.take(end - minute);
    if (!w.known)
        fill(w, end);
    quarter_marks_ = combined(quarter_marks_, w.marks);
    auto at = end;
    if (!w.known && reads_slowly() && last_.at > edge_.at && !held_) {
        at = last_.at;
        w.known = true;
        w.end = on_grid(last_.value + offset_);
        w.end_q = quality::good;
    }
    if (!w.known) {
        counter_delta none;
        none.q = severity_of(w.marks) == severity::bad ? w.marks : quality::no_data;
        return none;
    }
    auto const from = edge_;
    edge_ = {at, w.end, w.end_q};
    return gain(end - minute, end, from.at, edge_.value - from.value, combined(w.marks, combined(from.q, edge_.q)));
}

counter_delta counter_track::close_quarter(instant end)
{
    auto const from = quarter_edge_;
    auto const marks = quarter_marks_;
    quarter_edge_ = edge_;
    quarter_marks_ = quality::good;
    return gain(end - quarter, end, from.at, edge_.value - from.value, combined(marks, combined(from.q, edge_.q)));
}

} // namespace kilnwatt::energy
