#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace kilnwatt::test {

/// Runs `io` until `done()`; false when that takes longer than any test should.
template <class F>
bool run_until(boost::asio::io_context& io, F done, std::chrono::seconds patience = std::chrono::seconds{30})
{
    auto const work = boost::asio::make_work_guard(io);
    auto const end = std::chrono::steady_clock::now() + patience;
    io.restart();
    while (!done() && std::chrono::steady_clock::now() < end)
        io.run_one_for(std::chrono::milliseconds{20});
    return done();
}

/// Runs `io` until the coroutine is over.
template <class T>
T await(boost::asio::io_context& io, boost::asio::awaitable<T> coroutine)
{
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e, T v) {
        thrown = e;
        value.emplace(std::move(v));
    });
    if (!run_until(io, [&] { return value.has_value(); }))
        throw std::runtime_error{"the coroutine does not end"};
    if (thrown)
        std::rethrow_exception(thrown);
    return *std::move(value);
}

inline void await(boost::asio::io_context& io, boost::asio::awaitable<void> coroutine)
{
    auto over = false;
    boost::asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr) { over = true; });
    if (!run_until(io, [&] { return over; }))
        throw std::runtime_error{"the coroutine does not end"};
}

} // namespace kilnwatt::test
