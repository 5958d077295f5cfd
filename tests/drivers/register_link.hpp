#pragma once

#include "protocols/modbus/error.hpp"
#include "protocols/modbus/link.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace kilnwatt {

/// A link whose far end is a map of registers: what is not in the map is refused with exception 2, as are requests for
/// more than registers_max of them; `fails` may answer a request with an error before the map is asked.
class register_link final : public modbus::link {
public:
    std::map<std::pair<modbus::table, std::uint16_t>, std::uint16_t> registers;
    std::uint16_t registers_max = modbus::registers_max;
    std::function<std::optional<modbus::errc>(modbus::read_request const&)> fails;
    std::vector<modbus::read_request> asked;
    std::size_t together_max = 1;
    std::size_t together = 0; ///< most requests that were asked for at once
    int refused = 0;

    void put(std::uint16_t address, std::vector<std::uint16_t> const& words,
             modbus::table table = modbus::table::holding_registers)
    {
        for (auto const w : words)
            registers[{table, address++}] = w;
    }

    modbus::asio::awaitable<result<void>> read(modbus::read_request request, std::span<std::uint16_t> words) override
    {
        asked.push_back(request);
        if (fails)
            if (auto const error = fails(request))
                co_return make_error_code(*error);
        if (request.count > registers_max || words.size() < request.count)
            co_return refuse();
        for (std::uint16_t i = 0; i < request.count; ++i) {
            auto const found = registers.find({request.from, static_cast<std::uint16_t>(request.address + i)});
            if (found == registers.end())
                co_return refuse();
            words[i] = found->second;
        }
        co_return result<void>{};
    }

    modbus::asio::awaitable<result<void>> write(modbus::write_request) override
    {
        FAIL("polling never writes");
        co_return modbus::make_error_code(modbus::errc::bad_request);
    }

    std::size_t in_flight_max() const override { return together_max; }

    modbus::asio::awaitable<void> read_together(std::span<modbus::read_job> jobs) override
    {
        together = std::max(together, jobs.size());
        co_await link::read_together(jobs);
    }

    void close() override {}
    bool is_open() const override { return true; }
    modbus::link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

private:
    boost::system::error_code refuse()
    {
        ++refused;
        return make_error_code(modbus::errc::illegal_data_address);
    }

    modbus::link_statistics statistics_;
    link_address address_;
};

/// Runs a coroutine to its end.
template <class T>
T run(boost::asio::awaitable<T> work)
{
    boost::asio::io_context io;
    std::optional<T> outcome;
    auto const done = [&](std::exception_ptr failure, T returned) {
        if (failure)
            std::rethrow_exception(failure);
        outcome.emplace(std::move(returned));
    };
    boost::asio::co_spawn(io, std::move(work), done);
    io.run();
    return std::move(outcome.value());
}

} // namespace kilnwatt
