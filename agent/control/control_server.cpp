#include "agent/control/control_server.hpp"

#include "agent/control/control_socket.hpp"
#include "drivers/point_write.hpp"
#include "protocols/modbus/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

namespace kilnwatt::control {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using local = asio::local::stream_protocol;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto accept_again = 1s; ///< after a failure, for example too many open files

control_reply refusal(std::string sentence)
{
    control_reply r;
    r.error = std::move(sentence);
    return r;
}

constexpr auto crowded = "too many people wait for this link; try again later";

control_reply outcome(error_code ec, std::vector<std::uint16_t> words)
{
    control_reply r;
    r.words = std::move(words);
    if (ec) {
        r.error = ec.message();
        if (ec.category() == modbus::error_category())
            r.modbus = ec.value();
    }
    return r;
}

/// The user on the other side of the socket; the kernel says so.
std::uint32_t user_of(local::socket& s)
{
    ::ucred who{};
    ::socklen_t size = sizeof who;
    auto const known = ::getsockopt(s.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
    return known ? who.uid : static_cast<std::uint32_t>(-1);
}

} // namespace

struct control_server::client : std::enable_shared_from_this<client> {
    client(local::socket s, std::uint64_t n) : socket{std::move(s)}, patience{socket.get_executor()},
                                               answered{socket.get_executor()}, id{n}
    {}

    void hang_up()
    {
        error_code ignored;
        socket.close(ignored);
        gone = true;
        answered.cancel();
    }

    /// Closes the socket unless something is asked of the timer before.
    void wait_at_most(std::chrono::milliseconds t)
    {
        patience.expires_after(t);
        patience.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->hang_up();
        });
    }

    void tell(control_reply r)
    {
        reply = std::move(r);
        answered.cancel();
    }

    local::socket socket;
    asio::steady_timer patience;
    asio::steady_timer answered; ///< never expires by itself
    poll::guest_desk::guest id;
    std::string received;
    std::string sent;
    std::optional<control_reply> reply;
    bool gone = false;
};

control_server::control_server(asio::any_io_executor executor, options o, pollers links)
    : executor_{executor}, options_{std::move(o)}, links_{links}, acceptor_{executor}, pause_{executor},
      ended_{executor}
{
    ended_.expires_at(asio::steady_timer::time_point::max());
}

control_server::~control_server() = default;

bool control_server::start(std::string& why)
{
    if (!listen_at(acceptor_, options_.path, why))
        return false;
    accepting_ = true;
    asio::co_spawn(executor_, accept_all(), asio::detached);
    return true;
}

asio::awaitable<void> control_server::stop()
{
    stopping_ = true;
    if (accepting_)
        ::unlink(options_.path.c_str());
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (auto const& c : clients_)
        c->hang_up();
    while (accepting_ || !clients_.empty())
        co_await ended_.async_wait(quietly);
}

asio::awaitable<void> control_server::accept_all()
{
    while (!stopping_) {
        local::socket socket{executor_};
        auto const [failed] = co_await acceptor_.async_accept(socket, quietly);
        if (failed && !stopping_) {
            pause_.expires_after(accept_again);
            co_await pause_.async_wait(quietly);
        }
        if (failed || stopping_ || clients_.size() >= clients_max)
            continue; // the client sees its connection closed
        auto const c = std::make_shared<client>(std::move(socket), ++last_id_);
        clients_.insert(c);
        asio::co_spawn(executor_, serve(c), asio::detached);
    }
    accepting_ = false;
    ended_.cancel();
}

asio::awaitable<void> control_server::serve(client_ptr c)
{
    asio::steady_timer turn{executor_};
    while (!c->gone && co_await take_line(c)) {
        auto const end = c->received.find('\n');
        auto const line = c->received.substr(0, end);
        c->received.erase(0, end + 1);
        std::string why;
        auto const request = parse_request(line, why);
        auto reply = refusal(why);
        if (request)
            reply = co_await answer_to(c, *request);
        if (c->gone)
            break;
        c->sent = to_line(reply);
        c->wait_at_most(options_.answer_max);
        auto const out = asio::buffer(c->sent);
        auto const [failed, n] = co_await asio::async_write(c->socket, out, quietly);
        if (failed || !request) // a client that speaks something else is not worth another line
            break;
        turn.expires_after(options_.turn_min);
        co_await turn.async_wait(quietly);
    }
    c->patience.cancel();
    c->hang_up();
    for (auto const& l : links_)
        l->leave(c->id);
    clients_.erase(c);
    ended_.cancel();
}

/// False when the client is gone, or was too slow or too long.
asio::awaitable<bool> control_server::take_line(client_ptr c)
{
    if (c->received.empty()) {
        c->wait_at_most(options_.idle_max);
        auto const [gone] = co_await c->socket.async_wait(local::socket::wait_read, quietly);
        if (gone)
            co_return false;
    }
    c->wait_at_most(options_.line_max);
    auto const buffer = asio::dynamic_buffer(c->received, control_line_max);
    auto const [failed, n] = co_await asio::async_read_until(c->socket, buffer, '\n', quietly);
    co_return !failed;
}

asio::awaitable<control_reply> control_server::answer_to(client_ptr c, control_request const& r)
{
    using verb = control_request::verb;
    control_reply reply;
    if (r.what == verb::hello) {
        reply.site = options_.site_file;
        reply.links = links_.size();
        co_return reply;
    }
    if (r.what == verb::link) {
        if (r.index >= links_.size())
            co_return refusal(fmt::format("the agent has {} links", links_.size()));
        reply.link = links_[r.index]->link().address().url();
        co_return reply;
    }
    auto* const link = find(r.link);
    if (link == nullptr)
        co_return refusal(fmt::format("the agent has no link '{}'", r.link));
    if (r.what == verb::release) {
        link->end_lease(c->id);
        reply.leased = 0s;
        co_return reply;
    }
    c->reply.reset();
    if (r.what == verb::lease)
        lease(c, *link, r);
    else if (r.what == verb::write)
        write(c, *link, r);
    else
        ask(c, *link, r);
    co_await wait_for_answer(c);
    co_return c->reply.value_or(control_reply{});
}

/// A client that hangs up, or says more while it waits, is gone.
asio::awaitable<void> control_server::wait_for_answer(client_ptr c)
{
    c->patience.cancel(); // how long a turn takes is the link's business
    if (!c->received.empty())
        c->gone = true;
    if (c->reply || c->gone)
        co_return;
    c->answered.expires_at(asio::steady_timer::time_point::max());
    c->socket.async_wait(local::socket::wait_read, [c](error_code ec) {
        if (!ec)
            c->hang_up();
    });
    while (!c->reply && !c->gone)
        co_await c->answered.async_wait(quietly);
    error_code ignored;
    if (!c->gone)
        c->socket.cancel(ignored);
}

poll::link_poller* control_server::find(std::string const& url) const
{
    for (auto const& l : links_)
        if (l->link().address().url() == url)
            return l.get();
    return nullptr;
}

void control_server::ask(client_ptr const& c, poll::link_poller& link, control_request const& r)
{
    auto done = [c](error_code ec, std::vector<std::uint16_t> words) { c->tell(outcome(ec, std::move(words))); };
    if (!link.ask(c->id, {.at = r.at, .done = std::move(done)}))
        c->reply = refusal(crowded);
}

/// Only the agent's own site file says what may be written, not the client.
void control_server::write(client_ptr const& c, poll::link_poller& link, control_request const& r)
{
    std::string why;
    auto const point = open_point_of(link.devices(), r, why);
    if (!point) {
        c->reply = refusal(why);
        return;
    }
    point_written told{*point, user_of(c->socket), {}};
    auto done = [c, told, tell = options_.wrote](error_code ec, std::vector<std::uint16_t> words) mutable {
        told.ec = ec;
        if (tell)
            tell(told);
        c->tell(outcome(ec, std::move(words)));
    };
    poll::guest_write what{drivers::function_for(r.at.from, r.values.size(), r.multiple), r.values};
    if (!link.ask(c->id, {r.at, std::move(done), std::move(what)}))
        c->reply = refusal(crowded);
}

void control_server::lease(client_ptr const& c, poll::link_poller& link, control_request const& r)
{
    auto granted = [c, lasts = r.lease] {
        control_reply reply;
        reply.leased = lasts;
        c->tell(std::move(reply));
    };
    if (!link.lease(c->id, r.lease, std::move(granted)))
        c->reply = refusal("somebody else has this link on lease; try again later");
}

} // namespace kilnwatt::control
