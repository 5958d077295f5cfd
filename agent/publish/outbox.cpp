#include "agent/publish/outbox.hpp"

namespace kilnwatt::publish {

void outbox::committed(batch_ptr const& b, bool live)
{
    lanes_.committed(b, live);
    for (auto const& r : *b)
        if (r.kind() == stream::readings)
            snapshots_.fold(r.data, true);
}

std::optional<outgoing> outbox::next(rate_limit::time_point now)
{
    bool const snapshot_first = snapshot_turn_ || snapshots_.greeting();
    snapshot_turn_ = !snapshot_first;
    if (snapshot_first)
        if (auto m = snapshots_.next())
            return outgoing{*std::move(m), std::nullopt};
    if (auto item = lanes_.next_live())
        return handed_over(*std::move(item));
    if (!snapshot_first)
        if (auto m = snapshots_.next())
            return outgoing{*std::move(m), std::nullopt};
    if (auto item = lanes_.next_backlog(now))
        return handed_over(*std::move(item));
    return std::nullopt;
}

void outbox::acknowledged(lane_item const& item)
{
    lanes_.acknowledged(item);
    ++totals_.acknowledged;
    if (item.what().kind() == stream::readings)
        ++devices_[item.what().device()].acknowledged;
}

outgoing outbox::handed_over(lane_item item)
{
    auto const count = [&](device_counts& c) {
        ++c.published;
        c.resent += item.again ? 1 : 0;
    };
    count(totals_);
    if (item.what().kind() == stream::readings)
        count(devices_[item.what().device()]);
    auto m = messages_.of(item);
    return {std::move(m), std::move(item)};
}

} // namespace kilnwatt::publish
