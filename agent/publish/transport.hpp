#pragma once

#include "agent/publish/message.hpp"
#include "core/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace kilnwatt::publish {

/// The connection a sink publishes over. All on one executor; the rules are those of mqtt::session: a window of
/// unacknowledged messages, every publish completes exactly once, before the lost handler runs.
class transport {
public:
    using done = std::function<void(boost::system::error_code)>;

    virtual ~transport() = default;

    virtual void on_lost(done handler) = 0;                            ///< set before each connect()
    virtual void on_message(std::function<void(message)> handler) = 0; ///< set before the first connect()
    virtual void set_will(message will) = 0;                           ///< of the next connect()
    virtual boost::asio::awaitable<result<void>> connect() = 0;
    virtual boost::asio::awaitable<result<void>> subscribe(std::string topic) = 0; ///< QoS 1
    virtual int window_free() const = 0;
    virtual void publish(message m, done completed) = 0;
    virtual boost::asio::awaitable<void> disconnect(std::chrono::milliseconds patience) = 0;
    /// The broker's words for what it refused or ended last; "" when it gave none.
    virtual std::string reason() const = 0;
};

/// Where a broker listens.
struct server_place {
    std::string host;
    std::uint16_t port = 1883;
};

/// Makes the transport for MQTT version 5 or 4 (3.1.1) to one of the sink's servers: 0 = the first, then its
/// fallbacks.
using transport_factory = std::function<std::unique_ptr<transport>(int version, std::size_t server)>;

} // namespace kilnwatt::publish
