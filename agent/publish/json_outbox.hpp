#pragma once

#include "agent/publish/outbox.hpp"
#include "agent/publish/record_messages.hpp"
#include "agent/publish/snapshots.hpp"

namespace kilnwatt::publish {

/// The JSON format: after a connect the snapshots, then live records and changed snapshots by turns, and the backlog
/// when there is nothing else. All QoS 1; an acknowledgement confirms a record. Pure.
class json_outbox final : public outbox {
public:
    json_outbox(lanes l, std::string root, snapshots s, record_messages m)
        : outbox{std::move(l)}, root_{std::move(root)}, snapshots_{std::move(s)}, messages_{std::move(m)}
    {}

    message will() override { return snapshots::status(root_, "offline"); }
    void greet(moment) override { snapshots_.greet(); }
    std::string self_test_topic() const override { return root_ + "/status"; }
    std::vector<std::string> wishes() const override;
    /// Home Assistant says that it has started. Commands there are none: nothing else is subscribed to.
    reaction received(message const& m, moment now) override;
    bool has_keepsake() const override { return snapshots_.left().changed(); }
    std::optional<std::string> take_keepsake() override { return snapshots_.left().take_changed(); }
    std::vector<message> farewell(moment) override { return {snapshots::status(root_, "offline")}; }

    /// Readings also change their device's state.
    void committed(batch_ptr const& b, bool live) override;
    void unstored(row const& reading) override { snapshots_.fold(reading, false); }
    void set_availability(std::string const& device, availability a) override
    {
        snapshots_.set_availability(device, a);
    }
    void set_health(agent_health h) override { snapshots_.set_health(std::move(h)); }
    std::optional<outgoing> next(moment now) override;
    void told(std::string const& topic) override { snapshots_.told(topic); }

private:
    outgoing handed_over(lane_item item);

    std::string root_;
    snapshots snapshots_;
    record_messages messages_;
    bool snapshot_turn_ = true;
    rate_limit announcements_{0.1};
};

} // namespace kilnwatt::publish
