#pragma once

#include "core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::simulator {

namespace asio = boost::asio;

/// A listening port and the clients that came through it. Lives on one executor.
class listener {
public:
    using client = std::shared_ptr<asio::ip::tcp::socket>;

    explicit listener(asio::any_io_executor executor);

    asio::any_io_executor executor() { return acceptor_.get_executor(); }

    /// `host` is an address of this machine, or localhost.
    [[nodiscard]] result<void> open(std::string const& host, std::uint16_t port);
    void close();

    /// The next client; null once the listener is closed. One more than `clients_max` is closed at once.
    asio::awaitable<client> next(std::size_t clients_max);
    /// That client is gone.
    void drop(client const& gone);

    void set_down(bool down);
    bool is_down() const { return down_; }

private:
    void close_clients();

    asio::ip::tcp::acceptor acceptor_;
    std::vector<client> clients_;
    bool down_ = false;
};

} // namespace kilnwatt::simulator
