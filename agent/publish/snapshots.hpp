#pragma once

#include "agent/publish/agent_payload.hpp"
#include "agent/publish/device_state.hpp"
#include "agent/publish/home_assistant.hpp"
#include "agent/publish/message.hpp"
#include "agent/publish/retained_book.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::publish {

/// The retained messages beside the ledger: status, info, availability, state, health, and what Home Assistant is told.
/// They have no cursor: each shows how things are now, so several changes before one is sent make one message. What an
/// earlier run left at the broker and is not ours any more is cleared after a connect. Pure.
class snapshots {
public:
    struct options {
        std::string root;
        agent_identity agent;
        std::optional<home_assistant> discovery; ///< announces the devices to Home Assistant
    };

    /// `left`: what is retained at the broker from an earlier run.
    snapshots(options o, device_catalogue devices, retained_book left = {});

    /// A connection was made: everything is told again, in the order status, info, devices, health.
    void greet();
    /// Home Assistant has started: it is told its devices again, and how they are.
    void announce();
    bool greeting() const { return greeting_ > 0; } ///< messages of the last greet() are still to be sent

    /// A row of stream readings. `stored` = it is in the journal.
    void fold(row const& reading, bool stored);
    void set_availability(std::string const& device, availability a);
    void set_health(agent_health h);

    std::optional<message> next();
    /// The broker has acknowledged a message of ours on this topic.
    void told(std::string const& topic_name);

    std::optional<home_assistant> const& discovery() const { return options_.discovery; }
    retained_book& left() { return book_; }
    retained_book const& left() const { return book_; }

    static message status(std::string const& root, std::string_view word); ///< <root>/status, retained plain text

private:
    enum class topic : std::uint8_t { status, info, discovery, availability, state, health, old };
    struct item {
        topic what;
        std::size_t index = 0; ///< of devices_; of old_ for an old topic

        friend auto operator<=>(item const&, item const&) = default;
    };
    struct entry {
        device_state state;
        availability now = availability::offline;
        bool complete = false; ///< its points were known from the start, so one that is missing is gone
    };

    std::size_t index_of(std::string const& device);
    void join(std::size_t device);
    void push(item i);
    void push_device(std::size_t device);
    message make(item const& i);
    message discovery_of(std::size_t device);
    retained_book::parts gone(std::size_t device) const;
    std::string topic_of(topic what, std::size_t device) const;
    message retained(std::string name, std::string payload);

    options options_;
    device_catalogue devices_;
    std::vector<entry> entries_; ///< one for each of devices_
    std::map<std::string, std::size_t> index_;
    std::map<std::string, item> own_; ///< topics that we publish to
    retained_book book_;
    std::vector<std::string> old_; ///< topics of the book that are not ours
    std::optional<agent_health> health_;
    std::deque<item> due_;
    std::set<item> waiting_; ///< the items of due_: each waits once
    std::size_t greeting_ = 0;
};

} // namespace kilnwatt::publish
