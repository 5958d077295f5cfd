#pragma once

#include "core/link_address.hpp"
#include "core/result.hpp"
#include "protocols/modbus/pdu.hpp"
#include "protocols/modbus/write_pdu.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace kilnwatt::modbus {

namespace asio = boost::asio;

class deadline_list;

/// Counts since the link was made; for health topics and tests.
struct link_statistics {
    std::uint64_t requests = 0;
    std::uint64_t replies = 0;   ///< with values; exceptions are counted apart
    std::uint64_t exceptions = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t strangers = 0; ///< frames that answered nothing we asked; dropped
    std::uint64_t malformed = 0;
    std::uint64_t connects = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
};

/// Timing of a link; the profile gives the defaults. Machine time, not plant time.
struct link_timing {
    std::chrono::milliseconds connect_timeout{3000};
    std::chrono::milliseconds connect_interval{1000}; ///< at least so long between two attempts to connect or open
    std::chrono::milliseconds connect_delay{0};      ///< after a connect, before the first request
    std::chrono::milliseconds response_timeout{1000};
    std::chrono::milliseconds request_gap{0};        ///< between an answer and the next request
    std::chrono::milliseconds unit_gap{0};           ///< the same when the next request is for another unit
    std::chrono::milliseconds idle_close{0};         ///< 0 = keep open
    bool close_after_poll = false;                   ///< its owner closes it when nothing is due
    int max_in_flight = 1;                           ///< TCP: requests sent before the first is answered
    int strangers_max = 8;                           ///< after so many in one exchange the connection is reopened
    bool lenient_transaction_id = false;             ///< TCP: for gateways that do not echo it
    bool local_echo = false;                         ///< serial, RTU over TCP: our own request comes back first
};

/// Limit of link_timing::max_in_flight; Modbus messaging on TCP/IP implementation guide V1.0b, 4.2.1, has 1 to 16.
inline constexpr int in_flight_limit = 16;

/// One of several reads that a link carries at once.
struct read_job {
    read_request request;
    std::span<std::uint16_t> words;   ///< at least request.count
    boost::system::error_code error{}; ///< how it ended
};

/// One Modbus channel: a TCP connection, an RTU-over-TCP gateway, or a serial line. Carries one exchange at a time;
/// whoever owns it calls read() again only after the last one ended. Connects when needed and keeps the connection.
///
/// Lives on one executor (a single thread); a serial link runs its blocking work on a thread of its own and resumes the
/// caller on the executor.
class link {
public:
    virtual ~link() = default;

    /// Reads into `words`: one register, or one coil or input (0 or 1), a word. `words.size()` is at least
    /// request.count. Errors are modbus::errc. A late answer to an earlier request is never taken for this one.
    /// Per-operation cancellation (terminal) ends it with errc::cancelled.
    virtual asio::awaitable<result<void>> read(read_request request, std::span<std::uint16_t> words) = 0;

    /// How many requests read_together() takes: link_timing::max_in_flight on Modbus TCP, 1 on other links.
    virtual std::size_t in_flight_max() const { return 1; }

    /// Reads up to in_flight_max() requests, all sent before the first is answered; answers may come in any order. Each
    /// job tells its own end. The response timeout runs anew from every answer.
    virtual asio::awaitable<void> read_together(std::span<read_job> jobs);

    /// Writes the request's values, which outlive the call; success means that the device confirmed them. Sent at most
    /// once: a connection that is lost meanwhile is not tried again. may_have_arrived() (error.hpp) says of an error
    /// whether the device may have taken the values all the same. Nothing that polls may call it.
    virtual asio::awaitable<result<void>> write(write_request request) = 0;

    /// Closes the connection or port; the next read opens it again.
    virtual void close() = 0;

    virtual bool is_open() const = 0;
    virtual link_statistics const& statistics() const = 0;
    virtual link_address const& address() const = 0;
};

/// `deadlines` serves all links of the executor's thread and outlives them. `fallback` is a second address of a TCP
/// link: tried, with a timeout of its own, each time the first takes no connection.
std::unique_ptr<link> make_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                                link_timing timing, std::optional<link_address> fallback = {});

} // namespace kilnwatt::modbus
