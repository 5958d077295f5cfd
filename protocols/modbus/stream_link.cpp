#include "protocols/modbus/stream_link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kilnwatt::modbus {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::uint8_t broadcast = 0; ///< on a line nobody answers it
constexpr std::size_t stale_max = 8192; ///< bytes dropped before a request; a peer that talks on is not waited for

framing framing_of(link_address const& address)
{
    return address.kind == link_kind::tcp ? framing::tcp : framing::rtu;
}

} // namespace

stream_link::stream_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                         link_timing timing)
    : deadlines_{deadlines}, address_{std::move(address)}, timing_{timing}, exchange_{framing_of(address_), timing},
      pace_{timing, clock::duration::zero(), exchange_.late_answers_fit()}, socket_{executor}, pause_{executor},
      resolution_{executor}
{}

asio::awaitable<result<void>> stream_link::read(read_request request, std::span<std::uint16_t> words)
{
    if (!is_valid(request) || words.size() < request.count ||
        (address_.kind == link_kind::rtu_over_tcp && request.unit == broadcast))
        co_return errc::bad_request;
    auto const caller_throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    idle_.disarm();
    stop_ = stop::no;
    reading_ = true;

    ending end;
    auto may_be_idle_close = socket_.is_open();
    while (!end) {
        if (!socket_.is_open())
            end = co_await connect();
        if (auto const at = pace_.send_at(request); !end && at > clock::now()) {
            pause_.expires_at(at);
            co_await pause_.async_wait(no_throw);
        }
        if (!end && is_cancelled(cancellation))
            end = errc::cancelled;
        if (!end)
            end = start(request);
        while (!end) {
            auto const room = exchange_.room();
            auto const [ec, n] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), no_throw);
            end = progress(ec, n, words);
            if (!end && is_cancelled(cancellation))
                end = errc::cancelled;
        }
        deadline_.disarm();
        if (end == errc::connection_lost && may_be_idle_close && !exchange_.heard())
            end.reset();
        may_be_idle_close = false;
    }

    if (stop_ == stop::expired || end == errc::cancelled)
        pace_.unanswered(request, clock::now());
    else
        pace_.ended(clock::now());
    if (socket_.is_open() && timing_.idle_close.count() > 0)
        idle_ = deadlines_.arm(clock::now() + timing_.idle_close, [this] { shut(); });
    reading_ = false;
    co_await asio::this_coro::throw_if_cancelled(caller_throws);
    if (*end)
        co_return *end;
    co_return result<void>{};
}

/// Sends the request on an open connection and sets the deadline of its answer.
stream_link::ending stream_link::start(read_request const& request)
{
    if (exchange_.late_answers_fit() && !drop_stale_bytes())
        return lost();
    if (!send(exchange_.begin(request)))
        return lost();
    expire_at(clock::now() + timing_.response_timeout);
    return std::nullopt;
}

/// What a finished read of the socket means.
stream_link::ending stream_link::progress(error_code ec, std::size_t n, std::span<std::uint16_t> words)
{
    if (ec && ec != asio::error::operation_aborted && stop_ == stop::no)
        return lost();
    if (auto const outcome = n > 0 ? exchange_.received(n, words) : std::nullopt; outcome)
        return finish(*outcome);
    if (stop_ == stop::expired)
        return finish(exchange_.expired());
    return ec ? ending{errc::cancelled} : std::nullopt;
}

stream_link::ending stream_link::finish(exchange::outcome outcome)
{
    if (outcome.reopen)
        shut();
    return outcome.ec;
}

stream_link::ending stream_link::lost()
{
    shut();
    return errc::connection_lost;
}

asio::awaitable<stream_link::ending> stream_link::connect()
{
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    auto const now = clock::now();
    auto const wait = pace_.until_connect(now);
    if (!wait)
        co_return errc::connect_failed;
    if (*wait > clock::duration::zero()) {
        pause_.expires_at(now + *wait);
        co_await pause_.async_wait(no_throw);
    }
    if (is_cancelled(cancellation))
        co_return errc::cancelled;

    expire_at(clock::now() + timing_.connect_timeout);
    auto const connected = co_await connect_to_any();
    deadline_.disarm();
    if (stop_ == stop::expired)
        stop_ = stop::no;
    if (is_cancelled(cancellation)) {
        shut();
        co_return errc::cancelled;
    }
    if (!connected) {
        shut();
        pace_.connect_failed(clock::now());
        co_return errc::connect_failed;
    }
    pace_.connected(clock::now());
    exchange_.connected();
    co_return std::nullopt;
}

asio::awaitable<bool> stream_link::connect_to_any()
{
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    auto const endpoints = co_await resolution_.wait(address_.host, address_.port);
    if (endpoints.has_error())
        co_return false;
    for (auto const& endpoint : *endpoints) {
        if (is_cancelled(cancellation))
            break;
        shut();
        auto const [ec] = co_await socket_.async_connect(endpoint, no_throw);
        error_code option;
        if (!ec)
            socket_.set_option(tcp::no_delay{true}, option);
        if (!ec && !option)
            socket_.non_blocking(true, option);
        if (!ec && !option && stop_ == stop::no)
            co_return true;
    }
    co_return false;
}

/// What the peer sent unasked would fit to any request of the same kind. False: the peer has closed.
bool stream_link::drop_stale_bytes()
{
    std::array<std::uint8_t, 512> stale;
    for (std::size_t dropped = 0; dropped < stale_max;) {
        error_code ec;
        auto const n = socket_.read_some(asio::buffer(stale), ec);
        if (ec == asio::error::would_block)
            return true;
        if (ec) {
            exchange_.forget();
            return false;
        }
        exchange_.dropped(n);
        dropped += n;
    }
    return true;
}

/// A request is so small that it either goes out whole or the connection is dead.
bool stream_link::send(byte_view frame)
{
    error_code ec;
    return socket_.write_some(asio::buffer(frame.data(), frame.size()), ec) == frame.size() && !ec;
}

void stream_link::expire_at(clock::time_point at)
{
    deadline_ = deadlines_.arm(at, [this] {
        if (stop_ == stop::no)
            stop_ = stop::expired;
        interrupt();
    });
}

bool stream_link::is_cancelled(asio::cancellation_state const& state) const
{
    return stop_ != stop::no || state.cancelled() != asio::cancellation_type::none;
}

/// Wakes whatever the running read waits for.
void stream_link::interrupt()
{
    error_code ignored;
    socket_.cancel(ignored);
    pause_.cancel();
    resolution_.cancel();
}

void stream_link::close()
{
    idle_.disarm();
    if (reading_)
        stop_ = stop::cancelled;
    interrupt();
    shut();
}

void stream_link::shut()
{
    error_code ignored;
    socket_.close(ignored);
}

} // namespace kilnwatt::modbus
