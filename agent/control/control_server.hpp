#pragma once

#include "agent/control/control_protocol.hpp"
#include "agent/control/open_point.hpp"
#include "agent/poll/link_poller.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>

namespace kilnwatt::control {

/// The agent's local socket (control_protocol): people at the command line ask for a read between two polls, for the
/// link itself, or for a write of a point that the site file opened.
///
/// The socket has mode 0660: its owner and group may connect. A client has one request at a time; one that hangs up,
/// says more before it is answered, stays silent in the middle of a line or does not take its answer is closed, and its
/// request and lease end with it. Lives on the pollers' executor; they outlive it.
class control_server {
public:
    static constexpr std::size_t clients_max = 16;

    struct options {
        std::string path;      ///< of the socket
        std::string site_file; ///< told to clients, so that they know the same devices
        std::function<void(point_written const&)> wrote{}; ///< told of every write that was tried; may be empty
        std::chrono::milliseconds line_max{5'000};   ///< from the first byte of a line to its end
        std::chrono::milliseconds answer_max{5'000}; ///< until the client has taken an answer
        std::chrono::milliseconds idle_max{600'000}; ///< between two requests
        std::chrono::milliseconds turn_min{1};       ///< from an answer to the next line, so that none takes the agent
    };

    using pollers = std::span<std::unique_ptr<poll::link_poller> const>;

    control_server(boost::asio::any_io_executor executor, options o, pollers links);
    ~control_server();
    control_server(control_server const&) = delete;
    control_server& operator=(control_server const&) = delete;

    /// False with a sentence in `why`: the agent runs on without. A socket that nobody listens on is replaced.
    [[nodiscard]] bool start(std::string& why);

    /// Hangs up on everybody and waits until their requests are gone.
    boost::asio::awaitable<void> stop();

private:
    struct client;
    using client_ptr = std::shared_ptr<client>;

    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(client_ptr c);
    boost::asio::awaitable<bool> take_line(client_ptr c);
    boost::asio::awaitable<control_reply> answer_to(client_ptr c, control_request const& r);
    boost::asio::awaitable<void> wait_for_answer(client_ptr c);
    poll::link_poller* find(std::string const& url) const;
    void ask(client_ptr const& c, poll::link_poller& link, control_request const& r);
    void write(client_ptr const& c, poll::link_poller& link, control_request const& r);
    void lease(client_ptr const& c, poll::link_poller& link, control_request const& r);

    boost::asio::any_io_executor executor_;
    options options_;
    pollers links_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    boost::asio::steady_timer ended_; ///< never expires by itself; cancelled when somebody is gone
    std::set<client_ptr> clients_;
    std::uint64_t last_id_ = 0;
    bool accepting_ = false;
    bool stopping_ = false;
};

} // namespace kilnwatt::control
