#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace kilnwatt::mqtt {

namespace {

using boost::system::error_code;

/// Lets a coroutine wait for a callback that may come after the coroutine, or the session, is gone.
struct promise {
    explicit promise(asio::any_io_executor const& executor) : wake{executor, asio::steady_timer::time_point::max()} {}

    asio::steady_timer wake;
    std::optional<error_code> outcome;
};

} // namespace

asio::awaitable<result<void>> session::state::connect(std::shared_ptr<state> s)
{
    if (!s->begin_connect())
        co_return errc::bad_options;
    auto const [ec] = co_await s->wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (auto const failed = s->end_connect(ec))
        co_return failed;
    co_return boost::system::in_place_value;
}

asio::awaitable<result<void>> session::state::subscribe(std::shared_ptr<state> s, std::string filter, int qos)
{
    auto const waiting = std::make_shared<promise>(s->executor_);
    auto completed = [waiting](error_code ec) {
        waiting->outcome = ec;
        waiting->wake.cancel();
    };
    if (auto const refused = s->subscribe(std::move(filter), qos, std::move(completed)))
        co_return refused;
    co_await waiting->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    if (auto const failed = waiting->outcome.value_or(asio::error::operation_aborted))
        co_return failed;
    co_return boost::system::in_place_value;
}

asio::awaitable<void> session::state::disconnect(std::shared_ptr<state> s, std::chrono::milliseconds patience)
{
    if (!s->begin_disconnect(patience))
        co_return;
    co_await s->wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    s->end_disconnect();
}

} // namespace kilnwatt::mqtt
