#pragma once

#include "protocols/modbus/deadline_list.hpp"
#include "protocols/modbus/error.hpp"
#include "protocols/modbus/link.hpp"
#include "scripted_peer.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace kilnwatt::modbus {

/// Long enough for any machine where an answer comes, short where none does.
inline constexpr std::chrono::milliseconds answer_comes{5000};
inline constexpr std::chrono::milliseconds no_answer{40};

/// Timing of tests: no distance between connects.
inline link_timing patient(std::chrono::milliseconds response_timeout = answer_comes)
{
    link_timing t;
    t.connect_interval = std::chrono::milliseconds{0};
    t.response_timeout = response_timeout;
    return t;
}

/// One link on an executor of its own, read from a test without coroutines.
class link_bench {
public:
    link_bench(link_address address, link_timing timing, std::optional<link_address> fallback = {});
    ~link_bench();

    using outcome = result<std::vector<std::uint16_t>>;
    outcome read(read_request const& request);
    /// No words when the device confirmed.
    outcome write(write_request const& request);
    /// Runs `meanwhile` on the executor after the read has begun; `cancel` is what ends the read from outside.
    using interference = std::function<void(std::function<void()> cancel)>;
    outcome read_while(read_request const& request, interference meanwhile);
    outcome write_while(write_request const& request, interference meanwhile);
    /// Runs the read until `reached`, then does `then`, and runs it to its end.
    outcome read_struck(read_request const& request, std::function<bool()> const& reached, interference const& then);
    void read_together(std::span<read_job> jobs);
    void run_until(std::function<bool()> const& done);

    modbus::link& link() { return *link_; }

private:
    /// Performs an exchange that leaves its outcome in its argument.
    using exchange_task = std::function<asio::awaitable<void>(std::optional<outcome>&)>;
    outcome perform(exchange_task const& exchange, interference const& after_begin);
    /// As `after_begin`: posts what is to happen meanwhile.
    interference posted(interference meanwhile);

    asio::io_context context_;
    deadline_list deadlines_{context_.get_executor()};
    std::unique_ptr<modbus::link> link_;
};

} // namespace kilnwatt::modbus
