#pragma once

#include "core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::mqtt {

namespace asio = boost::asio;

struct message {
    std::string topic;
    std::string payload;
    int qos = 1;
    bool retain = false;
    std::optional<std::chrono::seconds> expiry; ///< MQTT 5 message expiry; ignored on 3.1.1
};

/// TLS of a connection; host name and chain are always verified. Files are PEM.
struct tls_options {
    std::string ca_file; ///< empty = the system's store
    std::string certificate_file;
    std::string key_file;
    std::vector<std::string> alpn; ///< protocol names offered; none = no ALPN
};

/// Inbound messages that wait for the executor unless the options say otherwise.
inline constexpr int inbound_max = 64;

inline constexpr int mqtt_5 = 5;
inline constexpr int mqtt_3_1_1 = 4;

struct session_options {
    std::string host;
    std::uint16_t port = 1883;
    std::string client_id;
    std::string user;     ///< empty = none
    std::string password; ///< never logged
    std::optional<tls_options> tls;
    int version = mqtt_5; ///< or mqtt_3_1_1
    std::chrono::seconds keep_alive{10};
    std::chrono::milliseconds connect_timeout{4000}; ///< at least 2 s: Paho may look at a new connection 1.1 s late
    std::chrono::milliseconds ack_timeout{10000}; ///< a publish unacknowledged for so long ends the session
    int inbound_max = mqtt::inbound_max; ///< inbound messages waiting for the executor; more are dropped and counted
    std::optional<message> will;
};

/// In-flight limit of ours: Paho stalls when more is outstanding than the broker's Receive Maximum (20 by default).
inline constexpr int window_max = 20;
/// Payload of an inbound message, in bytes; larger ones are dropped and counted, and an MQTT 5 broker is told not to
/// send them.
inline constexpr std::size_t inbound_bytes_max = 64 * 1024;
/// Subscriptions that wait for the broker at one time.
inline constexpr std::size_t subscribe_max = 32;

/// One MQTT connection as an Asio citizen: clean session, no automatic reconnect, no queue. The journal is the queue.
///
/// Every Paho call runs on one worker thread of the process; handlers run on the executor only, which must be serial
/// (an io_context of one thread, or a strand). After the connection is lost every outstanding publish has completed
/// with an error exactly once, then on_lost runs; connect() may be called again, also from inside on_lost.
///
/// Destroy it on its executor, before the execution context, best after disconnect() or on_lost. A session that is
/// destroyed while connected ends like a crash: callbacks are discarded and the broker sends the will.
class session {
public:
    using done = std::function<void(boost::system::error_code)>;

    session(asio::any_io_executor executor, session_options options);
    ~session();
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    /// Set before connect(). Not called for a disconnect() of ours.
    void on_lost(std::function<void(boost::system::error_code)> handler);
    void on_message(std::function<void(message)> handler);

    /// The will of the next connect(); nothing = none.
    void set_will(std::optional<message> will);

    /// One attempt, at most connect_timeout long; the addresses of a host name are tried in turn. Ok means CONNACK was
    /// positive. Fails at once with errc::bad_options while the session is connecting, connected or disconnecting.
    /// A cancelled attempt ends with asio::error::operation_aborted.
    asio::awaitable<result<void>> connect();

    bool connected() const;
    /// Free places in the window: publish() must not be called when it is 0 (it then fails with errc::window_full).
    int window_free() const;
    /// min(window_max, the broker's Receive Maximum).
    int window_size() const;

    /// `completed` runs exactly once on the executor, never inside publish(): no error = PUBACK without refusal (QoS 1)
    /// or handed over (QoS 0). A topic with a wildcard fails with errc::bad_options.
    void publish(message m, done completed);

    /// Ok after SUBACK. Subscriptions end with the connection.
    asio::awaitable<result<void>> subscribe(std::string topic, int qos);

    /// Waits for outstanding publishes up to `patience`, sends DISCONNECT and completes; what is still outstanding then
    /// completes with errc::lost. Always succeeds; does nothing when not connected.
    asio::awaitable<void> disconnect(std::chrono::milliseconds patience);

    /// The broker's words for the last refused connect(), loss or refused request, for the log; "" when it gave none.
    std::string_view reason() const;

    /// Inbound messages dropped so far because of inbound_max or inbound_bytes_max.
    std::uint64_t inbound_dropped() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace kilnwatt::mqtt
