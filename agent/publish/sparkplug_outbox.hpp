#pragma once

#include "agent/publish/outbox.hpp"
#include "agent/publish/outlived.hpp"
#include "protocols/sparkplug/edge_node.hpp"
#include "protocols/sparkplug/primary_host.hpp"

#include <set>

namespace kilnwatt::publish {

/// Settings of a Sparkplug B sink.
struct sparkplug_options {
    std::string group;
    std::string node;
    std::string primary_host;                  ///< id of the host this node waits for; "" = it waits for none
    bool datatype_in_data = false;             ///< for hosts that read a metric without datatype as null
    std::chrono::milliseconds outlive{35'000}; ///< a record counts as delivered when the session outlived it by this
};

/// The Sparkplug B format: births, then live data by exception, and the backlog as historical values behind it. QoS 0:
/// a record is confirmed when the session outlived it. Pure.
///
/// A device is born when it answers, or when the backlog has something of it to tell; it dies when it stops answering,
/// or when that is told.
class sparkplug_outbox final : public outbox {
public:
    /// `memory`: what memory() said in an earlier run; "" = never.
    sparkplug_outbox(lanes l, sparkplug_options o, std::string agent_version, std::string_view memory);

    message will() override;
    std::vector<std::string> subscriptions() const override;
    void never_left() override { node_.never_left(); }
    void server_changed() override { host_.forget(); }
    std::string memory() const override;

    void greet(moment now) override;
    std::string self_test_topic() const override { return sparkplug::topic(who_, "NBIRTH"); }
    std::string condition() const override;
    reaction received(message const& m, moment now) override;
    std::vector<message> farewell(moment now) override;
    void ended() override;

    void committed(batch_ptr const& b, bool live) override;
    void unstored(row const& reading) override;
    void set_availability(std::string const& device, availability a) override;
    void set_health(agent_health) override {} // the node has no health metrics: a host sees births and deaths

    std::optional<outgoing> next(moment now) override;
    bool settle(moment now) override;
    std::chrono::milliseconds wait(moment now) override;
    void delivered(lane_item const& item, moment now) override { sent_.add(item, now.steady); }

private:
    bool learn(layout_ptr const& l);
    void show(row const& r);
    std::optional<outgoing> next_record(moment now);
    std::optional<outgoing> data_of(lane_item item, moment now);
    std::optional<outgoing> counters(moment now);
    reaction commanded(message const& m, bool to_node);
    reaction host_said(message const& m, moment now);

    sparkplug::identity who_;
    sparkplug::edge_node node_;
    std::string version_; ///< of the agent
    sparkplug::primary_host host_;
    outlived sent_;
    std::set<layout_ptr> learned_;
    std::set<std::string> revived_; ///< born only to tell the backlog
    std::optional<lane_item> held_; ///< waits for a birth
    std::int64_t refused_ = 0;      ///< commands
    std::int64_t refused_told_ = 0;
};

} // namespace kilnwatt::publish
