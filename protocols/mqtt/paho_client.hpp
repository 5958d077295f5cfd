#pragma once

#include "protocols/mqtt/event.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace kilnwatt::mqtt {

/// One connection over Paho, from CONNECT to its end; a new connection is a new object, because Paho would send what
/// it still holds of the old one. The functions only hand a job to Paho's worker and return at once.
///
/// `report` runs on Paho's threads or the worker, with Paho's mutex held: it must not throw, wait, or call back.
/// Destroying the object is drop().
class paho_client {
public:
    using reporter = std::function<void(event)>;

    /// Connects to `address`, a number unless TLS has to check a name. One connect_event follows, unless close() or
    /// drop() comes first; after a positive one at most one loss_event that matters.
    paho_client(session_options const& options, std::string const& address, reporter report);
    ~paho_client();
    paho_client(paho_client const&) = delete;
    paho_client& operator=(paho_client const&) = delete;

    /// One answer_event follows, or a loss_event instead.
    void publish(std::uint64_t number, message m);
    void subscribe(std::uint64_t number, std::string filter, int qos);

    /// Sends DISCONNECT and ends the connection: the broker discards the will. A closed_event follows.
    void close();

    /// Ends the connection so that the broker sends the will.
    void drop();

private:
    class connection;
    std::shared_ptr<connection> connection_;
};

} // namespace kilnwatt::mqtt
