#include "protocols/mqtt/session.hpp"

#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session_state.hpp"
#include "protocols/mqtt/topic.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace kilnwatt::mqtt {

namespace {

using boost::system::error_code;

/// Lets a coroutine wait for a callback that may come after the coroutine, or the session, is gone.
struct promise {
    explicit promise(asio::any_io_executor const& executor)
        : wake{executor, asio::steady_timer::time_point::max()}
    {
    }

    asio::steady_timer wake;
    std::optional<error_code> outcome;
};

} // namespace

session::session(asio::any_io_executor executor, session_options options)
    : state_{state::make(std::move(executor), std::move(options))}
{
}

session::~session()
{
    state_->shut_down();
}

void session::on_lost(std::function<void(error_code)> handler)
{
    state_->on_lost(std::move(handler));
}

void session::on_message(std::function<void(message)> handler)
{
    state_->on_message(std::move(handler));
}

asio::awaitable<result<void>> session::connect()
{
    auto const s = state_; // the session may be destroyed meanwhile
    if (!s->begin_connect())
        co_return errc::bad_options;
    auto const [ec] = co_await s->wake().async_wait(asio::as_tuple(asio::use_awaitable));
    if (auto const failed = s->end_connect(ec))
        co_return failed;
    co_return boost::system::in_place_value;
}

bool session::connected() const
{
    return state_->connected();
}

int session::window_free() const
{
    return state_->window_free();
}

int session::window_size() const
{
    return state_->window_size();
}

void session::publish(message m, done completed)
{
    state_->publish(std::move(m), std::move(completed));
}

asio::awaitable<result<void>> session::subscribe(std::string topic, int qos)
{
    auto const waiting = std::make_shared<promise>(state_->executor());
    auto completed = [waiting](error_code ec) {
        waiting->outcome = ec;
        waiting->wake.cancel();
    };
    if (auto const refused = state_->subscribe(std::move(topic), qos, std::move(completed)))
        co_return refused;
    co_await waiting->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    auto const failed = waiting->outcome.value_or(asio::error::operation_aborted);
    if (failed)
        co_return failed;
    co_return boost::system::in_place_value;
}

asio::awaitable<void> session::disconnect(std::chrono::milliseconds patience)
{
    auto const s = state_;
    if (!s->begin_disconnect(patience))
        co_return;
    co_await s->wake().async_wait(asio::as_tuple(asio::use_awaitable));
    s->end_disconnect();
}

std::string_view session::reason() const
{
    return state_->reason();
}

std::uint64_t session::inbound_dropped() const
{
    return state_->inbound_dropped();
}

} // namespace kilnwatt::mqtt
