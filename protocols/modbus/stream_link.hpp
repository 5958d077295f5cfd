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
/// A connection that the peer closed while it was idle is made anew once within the same read. Must outlive its read.
class stream_link final : public link {
public:
    stream_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address, link_timing timing);

    asio::awaitable<result<void>> read(read_request request, std::span<std::uint16_t> words) override;
    void close() override;
    bool is_open() const override { return socket_.is_open(); }
    link_statistics const& statistics() const override { return exchange_.statistics(); }
    link_address const& address() const override { return address_; }

private:
    using clock = link_pace::clock;
    /// Why the running read must end before its answer came.
    enum class stop : std::uint8_t { no, expired, cancelled };

    /// How the exchange ended; nothing while it goes on.
    using ending = std::optional<boost::system::error_code>;

    asio::awaitable<ending> connect();
    asio::awaitable<bool> connect_to_any();
    ending start(read_request const& request);
    ending progress(boost::system::error_code ec, std::size_t n, std::span<std::uint16_t> words);
    ending finish(exchange::outcome outcome);
    ending lost();

    bool drop_stale_bytes();
    bool send(byte_view frame);
    void expire_at(clock::time_point at);
    bool is_cancelled(asio::cancellation_state const& state) const;
    void interrupt();
    void shut();

    deadline_list& deadlines_;
    link_address address_;
    link_timing timing_;
    exchange exchange_;
    link_pace pace_;
    asio::ip::tcp::socket socket_;
    asio::steady_timer pause_;
    resolution resolution_;
    deadline_list::guard deadline_;
    deadline_list::guard idle_;
    stop stop_ = stop::no;
    bool reading_ = false;
};

} // namespace kilnwatt::modbus
