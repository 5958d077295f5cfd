#pragma once

#include "agent/control/control_protocol.hpp"
#include "protocols/modbus/link.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::cli {

namespace asio = boost::asio;

/// One connection to the running agent's socket. Blocking, for the time before a command's own work begins.
class agent_client {
public:
    agent_client(asio::io_context& context, std::string path)
        : context_{context}, socket_{context}, path_{std::move(path)}
    {}

    /// not_found and connection_refused: no agent runs. permission_denied: it is not for this user.
    boost::system::error_code connect();

    /// The answer; nothing, with a sentence in `why`, when there is none or it is no answer.
    std::optional<control::control_reply> ask(control::control_request const& r, std::chrono::milliseconds patience,
                                              std::string& why);

    /// The agent's own URLs of its links, asked for once; nothing when it does not answer.
    std::vector<std::string> const* links(std::string& why);

    /// The agent's own URL of the link that leads to the same place: the same tty, or the same address and port once
    /// names are resolved. "" when it owns none; nothing when it does not answer.
    std::optional<std::string> owned_link(link_address const& at, std::string& why);

    /// The sentence with which the agent refused the last request of a link; "" when it did not.
    std::string const& refusal() const { return refusal_; }
    void refused(std::string sentence) { refusal_ = std::move(sentence); }

    asio::local::stream_protocol::socket& socket() { return socket_; }
    std::string const& path() const { return path_; }

private:
    asio::io_context& context_;
    asio::local::stream_protocol::socket socket_;
    std::string path_;
    std::string received_;
    std::optional<std::vector<std::string>> links_;
    std::string refusal_;
};

/// True when both lead to the same tty, or to the same port of one host. Resolves names.
bool is_same_place(link_address const& a, link_address const& b);

/// A link whose requests are queued into the agent's polling. `url` is the agent's own name of it.
std::unique_ptr<modbus::link> make_agent_link(agent_client& agent, std::string url, link_address address);

} // namespace kilnwatt::cli
