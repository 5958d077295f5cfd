#pragma once

#include "agent/publish/agent_health.hpp"
#include "agent/publish/backoff.hpp"
#include "agent/publish/device_catalogue.hpp"
#include "agent/publish/outbox.hpp"
#include "agent/publish/records.hpp"
#include "agent/publish/sparkplug_outbox.hpp"
#include "agent/publish/transport.hpp"
#include "core/plant_clock.hpp"
#include "protocols/mqtt/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::publish {

/// How much a reported line matters.
enum class report_level : std::uint8_t { info, warning, error };

struct sink_options {
    std::string name;                           ///< also the name of its cursor
    mqtt::session_options session;              ///< the sink sets the will
    std::vector<server_place> fallback;         ///< further servers, tried in turn; it is connected to one at a time
    std::optional<sparkplug_options> sparkplug; ///< the format is Sparkplug B; nothing = JSON
    std::string root;                           ///< of JSON: topic root without a trailing /
    stream_set streams = stream_set{}.set();    ///< records it publishes; the snapshots go out always
    std::string agent_version;
    utc_time agent_started{};
    std::string home_assistant; ///< of JSON: prefix under which the devices are announced; "" = they are not

    std::size_t live_max = 4096;
    std::size_t backlog_chunk = 256;
    double backlog_rate = 0; ///< records a second; 0 = what the window allows
    backoff::options reconnect;
    std::chrono::milliseconds cursor_interval{200}; ///< from a confirmation to the save of the cursor
    std::chrono::milliseconds stop_patience{2'000};
    std::chrono::milliseconds calm{
        60'000}; ///< a connection that held so long is told when it ends, whatever was told before
    std::chrono::milliseconds echo_patience{10'000}; ///< of the self-test of rights
    std::chrono::milliseconds read_pause{1'000};     ///< after a read of the journal that brought nothing

    /// One line a change of state, without the name of the sink; runs on the executor.
    std::function<void(report_level, std::string)> report;
};

struct sink_statistics {
    bool connected = false;
    int version = 5; ///< of MQTT
    std::uint64_t connects = 0;
    std::uint64_t losses = 0;
    std::uint64_t refused = 0;          ///< messages the broker refused
    std::uint64_t commands_refused = 0; ///< what somebody wanted written by the broker
    std::uint64_t backlog = 0;          ///< positions not confirmed, an upper bound of records
    std::uint64_t live_waiting = 0;
    std::uint64_t dropped = 0; ///< positions the journal dropped before they could be sent
    device_counts totals;
    std::map<std::string, device_counts> devices;
};

/// Publishes committed records and the state of the devices over one MQTT session of its own. What it says is its
/// outbox's business (JSON or Sparkplug B); connection, retries, journal and cursor are the sink's.
///
/// A record leaves the cursor only when it counts as delivered: over QoS 1, when the broker has acknowledged it. When
/// the connection breaks, everything that is not confirmed is sent again from the journal, marked historical, behind
/// what is new. A record that the broker refuses stays, ends the session and is tried again after a long pause.
///
/// All on the executor, which must be one thread or a strand, and all of it must outlive the sink's use. Make it before
/// the journal is started (it loads its cursor); a new sink begins with the oldest record the journal holds.
class sink {
public:
    sink(boost::asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
         plant_clock clock);
    /// The same over other connections than MQTT ones.
    sink(boost::asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
         plant_clock clock, transport_factory connections);
    ~sink();
    sink(sink const&) = delete;
    sink& operator=(sink const&) = delete;

    void start();
    /// Tells `offline`, waits at most about stop_patience, saves the cursor. The records are not used afterwards.
    boost::asio::awaitable<void> stop();
    /// Ends the pause between two attempts, or leaves it out when the connection is just closing.
    void retry_now();

    void on_committed(batch_ptr b);
    void on_unstored(row const& reading); ///< the journal refused it: the state shows it with "stored":false
    void set_availability(std::string const& device, availability a); ///< "offline" until the first call
    void set_health(agent_health h);

    sink_statistics statistics() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace kilnwatt::publish
