#include "agent/cli/meter_session.hpp"

#include <boost/asio/error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using verb = control::control_request::verb;
constexpr std::chrono::seconds patience_of_lease{60}; ///< a poll under way ends first

bool is_nobody(boost::system::error_code ec)
{
    return ec == boost::system::errc::no_such_file_or_directory || ec == asio::error::connection_refused ||
           ec == boost::system::errc::not_a_directory;
}

void say_denied(std::string const& path, boost::system::error_code ec, streams io)
{
    io.err << "meter: the agent's socket " << path << ": " << ec.message()
           << "; join its group (sudo usermod -aG kilnwatt $USER, then log in again), or open the link beside the "
           << "agent with --direct\n";
}

} // namespace

std::optional<std::string> site_of_agent(std::string const& path, streams io)
{
    asio::io_context context{1};
    agent_client agent{context, path};
    if (auto const ec = agent.connect(); ec) {
        if (is_nobody(ec))
            return std::string{};
        say_denied(path, ec, io);
        return std::nullopt;
    }
    std::string why;
    auto const hello = agent.ask({.what = verb::hello}, std::chrono::seconds{5}, why);
    if (hello)
        return hello->site.value_or("");
    io.err << "meter: " << path << ": " << why << '\n';
    return std::nullopt;
}

bool meter_session::reach(meter_options const& o, meter_target const& to, link_use use, exit_code& code)
{
    if (o.direct || to.socket.empty())
        return true;
    if (!agent_) {
        auto client = std::make_unique<agent_client>(context_, to.socket);
        auto const ec = client->connect();
        if (is_nobody(ec))
            return true;
        code = exit_code::failure;
        if (ec) {
            say_denied(to.socket, ec, io_);
            return false;
        }
        agent_ = std::move(client);
    }
    code = exit_code::failure;
    std::string why;
    auto const owned = agent_->owned_link(to.address, why);
    if (!owned) {
        io_.err << "meter: " << agent_->path() << ": " << why << "; --direct opens the link without asking\n";
        return false;
    }
    code = exit_code::ok;
    if (owned->empty())
        return true;
    if (use == link_use::shared) {
        owned_ = *owned;
        io_.err << "meter: the agent polls " << *owned << "; requests are queued between its polls\n";
        return true;
    }
    return borrow(*owned, o.lease, code);
}

bool meter_session::borrow(std::string const& url, std::optional<std::chrono::seconds> lasts, exit_code& code)
{
    code = exit_code::usage;
    if (!lasts) {
        io_.err << "meter: the agent polls " << url << "; --lease 60s pauses its polling for this command\n";
        return false;
    }
    if (lasts->count() < 1 || *lasts > control::lease_max) {
        io_.err << "meter: --lease must be 1 s to " << control::lease_max.count() << " s\n";
        return false;
    }
    code = exit_code::failure;
    std::string why;
    auto const reply =
        agent_->ask({.what = verb::lease, .link = url, .lease = *lasts}, patience_of_lease, why);
    if (!reply || !reply->error.empty()) {
        io_.err << "meter: " << url << ": " << (reply ? reply->error : why) << '\n';
        return false;
    }
    auto const end = std::chrono::steady_clock::now() + *lasts;
    lease_end_ = std::min(lease_end_.value_or(end), end);
    io_.err << "meter: the agent pauses polling " << url << " for " << lasts->count() << " s at most\n";
    code = exit_code::ok;
    return true;
}

} // namespace kilnwatt::cli
