#pragma once

#include "agent/publish/agent_health.hpp"
#include "agent/publish/lanes.hpp"
#include "agent/publish/message.hpp"
#include "agent/publish/sink_ledger.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Both clocks of one moment: paces go by the steady one, payloads carry the other.
struct moment {
    rate_limit::time_point steady{};
    utc_time utc{};
};

/// What an outbox made of something the broker sent.
struct reaction {
    std::string refusal;      ///< a command that was refused, in words; "" = nothing to tell
    std::size_t refused = 0;  ///< what it wanted written
    bool end_session = false; ///< the host asks us to leave: farewell, then the next attempt soon
};

/// Decides what a sink says on its connection, and when a record counts as delivered: the half that all formats share.
/// Each format (JSON, Sparkplug B) derives from it. Pure: the sink owns connection, timers and journal.
class outbox {
public:
    explicit outbox(lanes l) : lanes_{std::move(l)} {}
    virtual ~outbox() = default;

    /// Before each attempt.
    virtual message will() = 0;
    virtual std::vector<std::string> subscriptions() const { return {}; } ///< made before anything is published
    virtual std::vector<std::string> wishes() const { return {}; }        ///< subscriptions that it can do without
    /// The attempt ended before a CONNECT was sent: its will was never heard of.
    virtual void never_left() {}
    virtual void server_changed() {} ///< the next attempt goes to another broker
    /// What to keep over a restart beside the cursor; one line of text.
    virtual std::string memory() const { return {}; }
    /// What to keep over a restart and changes seldom, at most some hundred kB of text, when it changed.
    virtual bool has_keepsake() const { return false; }
    virtual std::optional<std::string> take_keepsake() { return std::nullopt; }

    /// There is a connection.
    virtual void greet(moment now) = 0;
    /// `topic` is one of ours that a broker with working rights echoes to us; "" = none is expected.
    virtual std::string self_test_topic() const { return {}; }
    /// What keeps it from publishing though it is connected; "" = nothing.
    virtual std::string condition() const { return {}; }
    virtual reaction received(message const&, moment) { return {}; }
    /// The last messages before a planned disconnect.
    virtual std::vector<message> farewell(moment now) = 0;
    /// The connection ended: nothing is in hand any more.
    virtual void ended() { lanes_.restart(); }

    /// Rows were committed. `live`: there is a connection.
    virtual void committed(batch_ptr const& b, bool live);
    virtual void unstored(row const& reading) = 0; ///< the journal refused it
    virtual void set_availability(std::string const& device, availability a) = 0;
    virtual void set_health(agent_health h) = 0;

    virtual std::optional<outgoing> next(moment now) = 0;
    /// Confirms what counts as delivered by now without an acknowledgement. True when the cursor moved.
    virtual bool settle(moment) { return false; }
    /// Time until next() or settle() may answer though nothing happened; 0 = nothing waits for time.
    virtual std::chrono::milliseconds wait(moment now) { return lanes_.backlog_wait(now.steady); }
    /// The session has done with the record: acknowledged (QoS 1) or handed over (QoS 0).
    virtual void delivered(lane_item const& item, moment now);
    /// The session has done with a message that carried no record.
    virtual void told(std::string const&) {}

    /// Goes on counting where the last run of the agent ended.
    void resume(sink_ledger saved) { ledger_ = std::move(saved); }
    sink_ledger const& ledger() const { return ledger_; }

    lanes& records() { return lanes_; }
    lanes const& records() const { return lanes_; }
    device_counts const& totals() const { return totals_; } ///< records of all streams
    std::map<std::string, device_counts> const& devices() const { return devices_; }

protected:
    void count_published(lane_item const& item);
    void count_acknowledged(stream kind, std::string const& device, std::uint64_t records = 1);

    lanes lanes_;

private:
    sink_ledger ledger_;
    device_counts totals_;
    std::map<std::string, device_counts> devices_;
};

} // namespace kilnwatt::publish
