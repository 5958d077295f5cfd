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
constexpr std::size_t stale_max = 8192; ///< bytes dropped before a request; a peer that talks on is not waited for

framing framing_of(link_address const& address)
{
    return address.kind == link_kind::tcp ? framing::tcp : framing::rtu;
}

std::span<read_job> jobs_of(question const& asked)
{
    auto const* const jobs = std::get_if<std::span<read_job>>(&asked);
    return jobs != nullptr ? *jobs : std::span<read_job>{};
}

/// Those that the exchange did not end.
void fail(std::span<read_job> jobs, error_code why)
{
    for (auto& job : jobs)
        if (job.error == errc::cancelled)
            job.error = why;
}

} // namespace

stream_link::stream_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                         link_timing timing, std::optional<link_address> fallback)
    : deadlines_{deadlines}, address_{std::move(address)}, fallback_{std::move(fallback)}, timing_{timing},
      exchange_{framing_of(address_), timing}, pace_{timing, clock::duration::zero(), exchange_.late_answers_fit()},
      socket_{executor}, pause_{executor}, resolution_{executor}
{}

asio::awaitable<result<void>> stream_link::read(read_request request, std::span<std::uint16_t> words)
{
    read_job job{request, words};
    question const asked{std::span{&job, 1}};
    co_await carry(asked);
    if (outcome_)
        co_return outcome_;
    co_return result<void>{};
}

std::size_t stream_link::in_flight_max() const
{
    return exchange_.late_answers_fit() ? 1 : static_cast<std::size_t>(timing_.max_in_flight);
}

asio::awaitable<void> stream_link::read_together(std::span<read_job> jobs)
{
    return carry(question{jobs}); // a poll's own path: no coroutine in between
}

asio::awaitable<result<void>> stream_link::write(write_request request)
{
    question const asked{request};
    co_await carry(asked);
    if (outcome_)
        co_return outcome_;
    co_return result<void>{};
}

/// Leaves in outcome_ how it ended.
asio::awaitable<void> stream_link::carry(question asked)
{
    auto const jobs = jobs_of(asked);
    for (auto& job : jobs)
        job.error = errc::cancelled; // unless the exchange says otherwise
    if (!is_valid(asked, address_.kind == link_kind::tcp) || jobs.size() > in_flight_max()) {
        fail(jobs, errc::bad_request);
        outcome_ = errc::bad_request;
        co_return;
    }
    auto const expected = shape_of(asked);
    auto const is_write = std::holds_alternative<write_request>(asked);
    auto const caller_throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    idle_.disarm();
    stop_ = stop::no;
    carrying_ = true;

    if (is_write && peer_has_closed())
        shut();
    ending end;
    auto may_be_idle_close = socket_.is_open() && !is_write; // a write is sent once, whatever became of it
    while (!end) {
        if (!socket_.is_open())
            end = co_await connect();
        if (auto const at = pace_.send_at(expected); !end && at > clock::now()) {
            pause_.expires_at(at);
            co_await pause_.async_wait(no_throw);
        }
        if (!end && is_cancelled(cancellation))
            end = errc::cancelled;
        if (!end)
            end = start(asked);
        while (!end) {
            auto const room = exchange_.room();
            auto const [ec, n] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), no_throw);
            end = progress(ec, n);
            if (!end && is_cancelled(cancellation))
                end = errc::cancelled;
        }
        deadline_.disarm();
        if (end == errc::connection_lost && may_be_idle_close && !exchange_.heard())
            end.reset();
        may_be_idle_close = false;
    }

    if (end == errc::cancelled && exchange_.heard() && !exchange_.late_answers_fit())
        shut(); // the stream stands inside a frame
    if (stop_ == stop::expired || end == errc::cancelled)
        pace_.unanswered(expected, clock::now());
    else
        pace_.ended(expected.unit, clock::now());
    if (socket_.is_open() && timing_.idle_close.count() > 0)
        idle_ = deadlines_.arm(clock::now() + timing_.idle_close, [this] { shut(); });
    carrying_ = false;
    fail(jobs, *end);
    outcome_ = *end;
    co_await asio::this_coro::throw_if_cancelled(caller_throws);
}

/// Sends the question on an open connection and sets the deadline of the first answer.
stream_link::ending stream_link::start(question const& asked)
{
    if (exchange_.late_answers_fit() && !drop_stale_bytes())
        return lost();
    if (!send(exchange_.ask(asked)))
        return lost();
    expire_at(clock::now() + timing_.response_timeout);
    return std::nullopt;
}

/// What a finished read of the socket means.
stream_link::ending stream_link::progress(error_code ec, std::size_t n)
{
    if (ec && ec != asio::error::operation_aborted && stop_ == stop::no)
        return lost();
    auto const open = exchange_.open();
    if (auto const outcome = n > 0 ? exchange_.received(n) : std::nullopt; outcome)
        return finish(*outcome);
    if (exchange_.open() < open && stop_ == stop::no)
        expire_at(clock::now() + timing_.response_timeout);
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

    auto connected = co_await connect_to(address_);
    if (!connected && fallback_ && !is_cancelled(cancellation))
        connected = co_await connect_to(*fallback_);
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

/// Tries all that the host's name stands for, within one connect timeout.
asio::awaitable<bool> stream_link::connect_to(link_address const& address)
{
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    expire_at(clock::now() + timing_.connect_timeout);
    auto const endpoints = co_await resolution_.wait(address.host, address.port);
    auto connected = false;
    if (!endpoints.has_error()) {
        for (auto const& endpoint : *endpoints) {
            if (is_cancelled(cancellation))
                break;
            shut();
            auto const [ec] = co_await socket_.async_connect(endpoint, no_throw);
            connected = !ec && stop_ == stop::no && prepare_socket();
            if (connected)
                break;
        }
    }
    deadline_.disarm();
    if (stop_ == stop::expired)
        stop_ = stop::no;
    co_return connected;
}

bool stream_link::prepare_socket()
{
    error_code ec;
    socket_.set_option(tcp::no_delay{true}, ec);
    if (!ec)
        socket_.non_blocking(true, ec);
    return !ec;
}

/// True also of a connection that is not open.
bool stream_link::peer_has_closed()
{
    std::array<std::uint8_t, 1> any{};
    error_code ec;
    socket_.receive(asio::buffer(any), tcp::socket::message_peek, ec);
    return ec && ec != asio::error::would_block;
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

/// Wakes whatever the running exchange waits for.
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
    if (carrying_)
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
