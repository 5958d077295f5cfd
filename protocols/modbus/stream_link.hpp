#pragma once

#include "protocols/modbus/deadline_list.hpp"
#include "protocols/modbus/exchange.hpp"
#include "protocols/modbus/link.hpp"
#include "protocols/modbus/link_pace.hpp"
#include "protocols/modbus/resolution.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace kilnwatt::modbus {

/// Modbus over a TCP connection, framed as Modbus TCP or as RTU. Obeys exchange (what) and link_pace (when).
///
/// A connection that the peer closed while it was idle is made anew once within the same read, and before a write is
/// sent. Must outlive its exchange.
class stream_link final : public link {
public:
    stream_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address, link_timing timing,
                std::optional<link_address> fallback = {});

    asio::awaitable<result<void>> read(read_request request, std::span<std::uint16_t> words) override;
    std::size_t in_flight_max() const override;
    asio::awaitable<void> read_together(std::span<read_job> jobs) override;
    asio::awaitable<result<void>> write(write_request request) override;
    void close() override;
    bool is_open() const override { return socket_.is_open(); }
    link_statistics const& statistics() const override { return exchange_.statistics(); }
    link_address const& address() const override { return address_; }

private:
    using clock = link_pace::clock;
    /// Why the running exchange must end before its answer came.
    enum class stop : std::uint8_t { no, expired, cancelled };

    /// How the exchange ended; nothing while it goes on.
    using ending = std::optional<boost::system::error_code>;

    asio::awaitable<void> carry(question asked);
    asio::awaitable<ending> connect();
    asio::awaitable<bool> connect_to(link_address const& address);
    bool prepare_socket();
    ending start(question const& asked);
    ending progress(boost::system::error_code ec, std::size_t n);
    ending finish(exchange::outcome outcome);
    ending lost();

    bool peer_has_closed();
    bool drop_stale_bytes();
    bool send(byte_view frame);
    void expire_at(clock::time_point at);
    bool is_cancelled(asio::cancellation_state const& state) const;
    void interrupt();
    void shut();

    deadline_list& deadlines_;
    link_address address_;
    std::optional<link_address> fallback_;
    link_timing timing_;
    exchange exchange_;
    link_pace pace_;
    asio::ip::tcp::socket socket_;
    asio::steady_timer pause_;
    resolution resolution_;
    deadline_list::guard deadline_;
    deadline_list::guard idle_;
    stop stop_ = stop::no;
    bool carrying_ = false;
    boost::system::error_code outcome_; ///< of the last exchange; of several reads the first error
};

} // namespace kilnwatt::modbus
