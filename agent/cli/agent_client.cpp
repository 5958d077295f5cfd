#include "agent/cli/agent_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <set>

namespace kilnwatt::cli {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
constexpr std::chrono::seconds patience_of_lists{5};

std::set<asio::ip::address> addresses_of(std::string const& host)
{
    asio::io_context context;
    tcp::resolver resolver{context};
    error_code ignored;
    std::set<asio::ip::address> all;
    for (auto const& entry : resolver.resolve(host, "", ignored))
        all.insert(entry.endpoint().address());
    return all;
}

bool is_same_device(std::string const& a, std::string const& b)
{
    struct ::stat of_a {};
    struct ::stat of_b {};
    return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 && S_ISCHR(of_a.st_mode) &&
           S_ISCHR(of_b.st_mode) && of_a.st_rdev == of_b.st_rdev;
}

} // namespace

error_code agent_client::connect()
{
    error_code ec;
    socket_.connect(asio::local::stream_protocol::endpoint{path_}, ec);
    return ec;
}

std::optional<control::control_reply> agent_client::ask(control::control_request const& r,
                                                        std::chrono::milliseconds patience, std::string& why)
{
    error_code ec;
    asio::write(socket_, asio::buffer(control::to_line(r)), ec);
    std::optional<error_code> ended;
    if (!ec) {
        asio::async_read_until(socket_, asio::dynamic_buffer(received_, control::control_line_max), '\n',
                               [&](error_code failed, std::size_t) { ended = failed; });
        context_.restart();
        auto const until = std::chrono::steady_clock::now() + patience;
        while (!ended && context_.run_one_until(until) > 0) {
        }
        if (!ended) {
            error_code ignored;
            socket_.close(ignored);
            context_.restart();
            while (!ended)
                context_.run_one();
            ended = asio::error::timed_out;
        }
        context_.restart();
        ec = *ended;
    }
    if (ec) {
        why = "the agent does not answer: " + ec.message();
        return std::nullopt;
    }
    auto const end = received_.find('\n');
    auto reply = control::parse_reply(std::string_view{received_}.substr(0, end), why);
    received_.erase(0, end + 1);
    return reply;
}

std::vector<std::string> const* agent_client::links(std::string& why)
{
    using verb = control::control_request::verb;
    if (links_)
        return &*links_;
    auto const hello = ask({.what = verb::hello}, patience_of_lists, why);
    if (!hello || !hello->links)
        return nullptr;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < *hello->links; ++i) {
        auto const reply = ask({.what = verb::link, .index = i}, patience_of_lists, why);
        if (!reply || !reply->link)
            return nullptr;
        all.push_back(*reply->link);
    }
    links_ = std::move(all);
    return &*links_;
}

std::optional<std::string> agent_client::owned_link(link_address const& at, std::string& why)
{
    auto const* const all = links(why);
    if (all == nullptr)
        return std::nullopt;
    for (auto const& url : *all) {
        std::string ignored;
        auto const theirs = link_address::parse(url, ignored);
        if (theirs && is_same_place(*theirs, at))
            return url;
    }
    return std::string{};
}

bool is_same_place(link_address const& a, link_address const& b)
{
    auto const is_serial = a.kind == link_kind::serial;
    if (is_serial != (b.kind == link_kind::serial))
        return false;
    if (is_serial)
        return a.path == b.path || is_same_device(a.path, b.path);
    if (a.port != b.port || a.host == b.host)
        return a.port == b.port;
    auto const of_a = addresses_of(a.host);
    auto const of_b = addresses_of(b.host);
    return std::any_of(of_a.begin(), of_a.end(), [&](auto const& ip) { return of_b.contains(ip); });
}

} // namespace kilnwatt::cli
