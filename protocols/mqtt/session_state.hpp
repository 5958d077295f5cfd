#pragma once

#include "protocols/mqtt/mailbox.hpp"
#include "protocols/mqtt/outstanding.hpp"
#include "protocols/mqtt/paho_client.hpp"
#include "protocols/mqtt/session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::mqtt {

/// What a session is between its calls. Everything runs on the executor; Paho is behind client_ and mailbox_.
///
/// idle -> connecting -> connected -> closing -> idle; a loss or a failure leads back to idle from each. Each
/// connection has its epoch, and an event of an older epoch is dropped.
struct session::state : std::enable_shared_from_this<session::state> {
public:
    static std::shared_ptr<state> make(asio::any_io_executor executor, session_options options);
    state(asio::any_io_executor executor, session_options options);

    /// The session goes: no callback runs any more, waiting coroutines end.
    void shut_down();

    // The coroutines of the session. They hold the state, since the session may go before they begin or end.
    static asio::awaitable<result<void>> connect(std::shared_ptr<state> s);
    static asio::awaitable<result<void>> subscribe(std::shared_ptr<state> s, std::string filter, int qos);
    static asio::awaitable<void> disconnect(std::shared_ptr<state> s, std::chrono::milliseconds patience);

    /// Starts an attempt; wake_ then ends when there is an outcome or the time is over. False unless idle.
    bool begin_connect();
    /// `waited` is how wake_ ended. No error = connected.
    boost::system::error_code end_connect(boost::system::error_code waited);

    /// wake_ then ends when the connection is closed or the time is over. False when there is nothing to close.
    bool begin_disconnect(std::chrono::milliseconds patience);
    void end_disconnect();

    void publish(message m, done completed);
    /// An error means that `completed` will not run.
    boost::system::error_code subscribe(std::string filter, int qos, done completed);

    void on_lost(std::function<void(boost::system::error_code)> handler) { on_lost_ = std::move(handler); }
    void on_message(std::function<void(message)> handler) { on_message_ = std::move(handler); }

    void set_will(std::optional<message> will) { options_.will = std::move(will); }

    bool connected() const { return phase_ == phase::connected; }
    int window_size() const { return window_; }
    int window_free() const;
    std::string_view reason() const { return reason_; }
    std::uint64_t inbound_dropped() const { return mailbox_->dropped(); }

private:
    enum class phase : std::uint8_t { idle, connecting, connected, closing, gone };

    bool options_usable() const;
    void resolved(boost::system::error_code ec, asio::ip::tcp::resolver::results_type const& found);
    void try_address();
    void settle(boost::system::error_code outcome);

    void handle(std::uint64_t epoch, event& what);
    void handle(connect_event const& e);
    void handle(answer_event const& e);
    void handle(loss_event const& e);
    void handle(closed_event const& e);
    void handle(message& m);

    void note_request();
    void watch_until(outstanding::clock::time_point t);
    void check_deadline();
    void complete_later(done completed, boost::system::error_code ec);
    void close_client();
    void become_idle();
    void end(boost::system::error_code why);
    void fail_outstanding(boost::system::error_code why);

    asio::any_io_executor executor_;
    session_options options_;
    std::shared_ptr<mailbox> mailbox_;
    asio::ip::tcp::resolver resolver_;
    asio::steady_timer wake_;  ///< what connect() and disconnect() wait for
    asio::steady_timer watch_; ///< not later than the oldest deadline, or the end of disconnect()'s patience
    bool watching_ = false;
    outstanding::clock::time_point close_at_; ///< the end of disconnect()'s patience

    phase phase_ = phase::idle;
    std::uint64_t epoch_ = 0;
    std::unique_ptr<paho_client> client_;
    outstanding outstanding_;
    int window_ = window_max;
    std::string_view reason_;

    std::vector<std::string> addresses_; ///< still to be tried in this attempt, the next one last
    std::size_t first_address_ = 0;      ///< moved on by a timeout, so that one dead address cannot block the others
    std::optional<boost::system::error_code> outcome_;

    std::function<void(boost::system::error_code)> on_lost_;
    std::function<void(message)> on_message_;
};

} // namespace kilnwatt::mqtt
