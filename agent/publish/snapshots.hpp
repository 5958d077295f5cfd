#pragma once

#include "agent/publish/agent_payload.hpp"
#include "agent/publish/device_state.hpp"
#include "agent/publish/message.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::publish {

/// The retained messages beside the ledger: status, info, availability, state and health. They have no cursor: each
/// shows how things are now, so several changes before one is sent make one message. Pure.
class snapshots {
public:
    struct options {
        std::string root;
        agent_identity agent;
        std::vector<std::string> removed_devices; ///< their retained topics are cleared after each connect
    };

    snapshots(options o, device_catalogue devices);

    /// A connection was made: everything is told again, in the order status, info, devices, health.
    void greet();
    bool greeting() const { return greeting_ > 0; } ///< messages of the last greet() are still to be sent

    /// A row of stream readings. `stored` = it is in the journal.
    void fold(row const& reading, bool stored);
    void set_availability(std::string const& device, availability a);
    void set_health(agent_health h);

    std::optional<message> next();

    static message status(std::string const& root, std::string_view word); ///< <root>/status, retained plain text

private:
    enum class topic : std::uint8_t { status, info, availability, state, health, old_availability, old_state };
    struct item {
        topic what;
        std::size_t device = 0; ///< index of devices_; of removed_devices for the old ones

        friend auto operator<=>(item const&, item const&) = default;
    };
    struct entry {
        device_state state;
        availability now = availability::offline;
    };

    std::size_t index_of(std::string const& device);
    void push(item i);
    message make(item const& i) const;
    message retained(std::string_view device, std::string_view leaf, std::string payload) const;

    options options_;
    device_catalogue devices_;
    std::vector<entry> entries_; ///< one for each of devices_
    std::map<std::string, std::size_t> index_;
    std::optional<agent_health> health_;
    std::deque<item> due_;
    std::set<item> waiting_; ///< the items of due_: each waits once
    std::size_t greeting_ = 0;
};

} // namespace kilnwatt::publish
