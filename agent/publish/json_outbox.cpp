#include "agent/publish/json_outbox.hpp"

namespace kilnwatt::publish {

void json_outbox::committed(batch_ptr const& b, bool live)
{
    outbox::committed(b, live);
    for (auto const& r : *b)
        if (r.kind() == stream::readings)
            snapshots_.fold(r.data, true);
}

std::vector<std::string> json_outbox::wishes() const
{
    auto const& discovery = snapshots_.discovery();
    return discovery ? std::vector{discovery->status_topic()} : std::vector<std::string>{};
}

reaction json_outbox::received(message const& m, moment now)
{
    auto const& discovery = snapshots_.discovery();
    bool const started = discovery && m.topic == discovery->status_topic() && m.payload == "online" && !m.retain;
    if (started && announcements_.take(now.steady))
        snapshots_.announce();
    return {};
}

std::optional<outgoing> json_outbox::next(moment now)
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
    if (auto item = lanes_.next_backlog(now.steady))
        return handed_over(*std::move(item));
    return std::nullopt;
}

outgoing json_outbox::handed_over(lane_item item)
{
    count_published(item);
    auto m = messages_.of(item);
    return {std::move(m), std::move(item)};
}

} // namespace kilnwatt::publish
