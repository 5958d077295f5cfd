#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace kilnwatt::publish {

/// Wakes the one coroutine that waits on it; a call before the wait is remembered. One executor.
class wake_up {
public:
    using duration = boost::asio::steady_timer::duration;

    explicit wake_up(boost::asio::any_io_executor executor) : timer_{std::move(executor)} {}

    boost::asio::any_io_executor executor() { return timer_.get_executor(); }

    void set()
    {
        set_ = true;
        timer_.cancel();
    }
    void clear() { set_ = false; }

    boost::asio::awaitable<void> wait()
    {
        timer_.expires_at(boost::asio::steady_timer::time_point::max());
        co_await sleep();
    }
    boost::asio::awaitable<void> wait_for(duration most)
    {
        timer_.expires_after(most);
        co_await sleep();
    }

private:
    boost::asio::awaitable<void> sleep()
    {
        if (!set_)
            co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        set_ = false;
    }

    boost::asio::steady_timer timer_;
    bool set_ = false;
};

} // namespace kilnwatt::publish
