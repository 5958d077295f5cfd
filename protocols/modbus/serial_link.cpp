#include "protocols/modbus/serial_link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kilnwatt::modbus {

using boost::system::error_code;

serial_link::serial_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                         link_timing timing)
    : executor_{executor}, deadlines_{deadlines}, address_{std::move(address)}, timing_{timing},
      done_{executor, asio::steady_timer::time_point::max()}, line_{address_, timing}
{}

serial_link::~serial_link()
{
    line_.interrupt();
    thread_.join();
}

asio::awaitable<result<void>> serial_link::read(read_request request, std::span<std::uint16_t> words)
{
    if (words.size() < request.count || request.count > job_.words.size())
        co_return errc::bad_request;
    job_.read = {request, job_.words};
    job_.asked = std::span{&job_.read, 1};
    if (auto const ec = co_await carry(); ec)
        co_return ec;
    std::copy_n(job_.words.begin(), request.count, words.begin());
    co_return result<void>{};
}

asio::awaitable<result<void>> serial_link::write(write_request request)
{
    job_.asked = request;
    if (auto const ec = co_await carry(); ec)
        co_return ec;
    co_return result<void>{};
}

/// What the job asks.
asio::awaitable<error_code> serial_link::carry()
{
    if (!is_valid(job_.asked, false))
        co_return errc::bad_request;
    auto const caller_throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    idle_.disarm();

    is_done_ = false;
    carrying_ = true;
    line_.rearm();
    if (cancellation.cancelled() != asio::cancellation_type::none)
        line_.interrupt();
    asio::post(thread_, [this] { run(); });
    while (!is_done_) {
        co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!is_done_ && cancellation.cancelled() != asio::cancellation_type::none)
            line_.interrupt();
    }
    carrying_ = false;
    statistics_ = job_.statistics;
    open_ = job_.open;
    if (open_ && timing_.idle_close.count() > 0)
        idle_ = deadlines_.arm(std::chrono::steady_clock::now() + timing_.idle_close, [this] { close(); });

    co_await asio::this_coro::throw_if_cancelled(caller_throws);
    co_return job_.ec;
}

/// On the line's thread.
void serial_link::run()
{
    job_.ec = line_.carry(job_.asked);
    job_.statistics = line_.statistics();
    job_.open = line_.is_open();
    asio::post(executor_, [this] {
        is_done_ = true;
        done_.cancel();
    });
}

void serial_link::close()
{
    idle_.disarm();
    if (carrying_)
        line_.interrupt();
    asio::post(thread_, [this] { line_.close(); });
    open_ = false;
}

} // namespace kilnwatt::modbus
