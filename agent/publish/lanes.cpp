#include "agent/publish/lanes.hpp"

#include <algorithm>

namespace kilnwatt::publish {

lanes::lanes(options o, cursor c) : options_{o}, cursor_{std::move(c)}, rate_{o.backlog_rate} {}

void lanes::committed(batch_ptr const& b, bool live)
{
    if (b->empty() || b->back().pos < cursor_.head())
        return;
    // Positions between the last batch and this one were never shown to us: they stay with the cursor as backlog.
    position_range const whole{std::max(cursor_.head(), b->front().pos), b->back().pos + 1};
    cursor_.extend(whole.last);
    if (live) {
        enqueue(b, whole, live_, false);
        while (live_.size() > options_.live_max)
            live_.pop_front();
        return;
    }
    bool const ours =
        std::any_of(b->begin(), b->end(), [&](record const& r) { return has(options_.streams, r.kind()); });
    if (!ours)
        cursor_.confirm(whole);
}

void lanes::restart()
{
    for (auto const& r : flying_.ranges())
        doubted_.add(r);
    doubted_.coarsen(cursor::ranges_max);
    flying_.clear();
    held_.clear();
    live_.clear();
    backlog_.clear();
    reading_ = false;
}

std::optional<lane_item> lanes::next_live()
{
    if (live_.empty())
        return std::nullopt;
    auto item = std::move(live_.front());
    live_.pop_front();
    held_.add(item.covers);
    hand_out(item);
    return item;
}

std::optional<lane_item> lanes::next_backlog(rate_limit::time_point now)
{
    if (backlog_.empty() || !rate_.take(now))
        return std::nullopt;
    auto item = std::move(backlog_.front());
    backlog_.pop_front();
    hand_out(item);
    return item;
}

std::chrono::milliseconds lanes::backlog_wait(rate_limit::time_point now)
{
    return backlog_.empty() ? std::chrono::milliseconds{} : rate_.wait(now);
}

void lanes::hand_out(lane_item& item)
{
    flying_.add(item.covers);
    item.again = doubted_.contains(item.what().pos);
    doubted_.remove(item.covers);
}

std::optional<position_range> lanes::want_read(position oldest)
{
    if (reading_ || backlog_.size() > options_.backlog_chunk / 2)
        return std::nullopt;
    auto wanted = cursor_.unconfirmed().first_outside(held_, live_begin());
    while (wanted && wanted->first < oldest) {
        position_range const gone{wanted->first, std::min(wanted->last, oldest)};
        dropped_ += gone.last - gone.first;
        cursor_.confirm(gone);
        wanted = cursor_.unconfirmed().first_outside(held_, live_begin());
        if (wanted && wanted->first <= gone.first) // the cursor joined ranges over it again; the read will pass it
            break;
    }
    reading_ = wanted.has_value();
    return wanted;
}

void lanes::read_done(position_range asked, batch_ptr const& records, position next)
{
    if (!reading_)
        return;
    reading_ = false;
    position_range const whole{asked.first, std::min(next, asked.last)};
    if (whole.first >= whole.last)
        return;
    enqueue(records, whole, backlog_, true);
}

void lanes::acknowledged(lane_item const& item)
{
    confirmed(item.covers);
}

void lanes::confirmed(position_range covers)
{
    cursor_.confirm(covers);
    held_.remove(covers);
    flying_.remove(covers);
}

/// Queues the records of `whole` that this sink publishes, so that together they cover all of it.
void lanes::enqueue(batch_ptr const& b, position_range whole, std::deque<lane_item>& queue, bool historical)
{
    auto begin = whole.first;
    std::optional<lane_item> open;
    for (std::size_t i = 0; b && i < b->size(); ++i) {
        auto const& r = (*b)[i];
        if (r.pos < whole.first || r.pos >= whole.last || !has(options_.streams, r.kind()))
            continue;
        if (open) {
            open->covers = {begin, r.pos};
            begin = r.pos;
            queue.push_back(*std::move(open));
        }
        open = lane_item{b, i, {}, historical, false};
    }
    if (!open)
        return cursor_.confirm(whole);
    open->covers = {begin, whole.last};
    queue.push_back(*std::move(open));
    if (historical)
        held_.add(whole);
}

} // namespace kilnwatt::publish
