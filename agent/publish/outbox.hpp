#pragma once

#include "agent/publish/lanes.hpp"
#include "agent/publish/record_messages.hpp"
#include "agent/publish/snapshots.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace kilnwatt::publish {

/// Counts of one device's readings for the ledger, since the sink was made.
struct device_counts {
    std::uint64_t published = 0;    ///< handed to the session, the resent ones too
    std::uint64_t acknowledged = 0; ///< confirmed by the broker
    std::uint64_t resent = 0;       ///< of the published: handed over before, and the connection ended unconfirmed
};

/// A message for the broker; with the record it carries, if it carries one.
struct outgoing {
    message what;
    std::optional<lane_item> item;
};

/// Decides what a sink sends next: after a connect the snapshots, then live records and changed snapshots by turns, and
/// the backlog when there is nothing else. Pure.
class outbox {
public:
    outbox(lanes l, snapshots s, record_messages m)
        : lanes_{std::move(l)}, snapshots_{std::move(s)}, messages_{std::move(m)}
    {}

    /// Readings also change their device's state. `live`: there is a connection.
    void committed(batch_ptr const& b, bool live);
    void greet() { snapshots_.greet(); }
    std::optional<outgoing> next(rate_limit::time_point now);
    void acknowledged(lane_item const& item);

    lanes& records() { return lanes_; }
    lanes const& records() const { return lanes_; }
    snapshots& retained() { return snapshots_; }

    device_counts const& totals() const { return totals_; } ///< records of all streams
    std::map<std::string, device_counts> const& devices() const { return devices_; }

private:
    outgoing handed_over(lane_item item);

    lanes lanes_;
    snapshots snapshots_;
    record_messages messages_;
    bool snapshot_turn_ = true;
    device_counts totals_;
    std::map<std::string, device_counts> devices_;
};

} // namespace kilnwatt::publish
