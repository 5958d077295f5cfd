#pragma once

#include "core/result.hpp"
#include "simulator/modbus_unit.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::simulator {

namespace asio = boost::asio;

/// Modbus TCP on one port for one or more units, over our own codec. An address a unit does not have gets exception 2,
/// a unit that is not there exception 11, a silent one nothing. Lives on one executor.
class tcp_server {
public:
    static constexpr std::size_t clients_max = 16;

    tcp_server(asio::any_io_executor executor, std::vector<std::shared_ptr<modbus_unit>> units);
    ~tcp_server() { stop(); }
    tcp_server(tcp_server const&) = delete;
    tcp_server& operator=(tcp_server const&) = delete;

    [[nodiscard]] result<void> listen(std::string const& host, std::uint16_t port);
    void stop();

    /// While down, connections are closed and new ones are closed at once.
    void set_down(bool down);

private:
    struct state; ///< shared with the coroutines, which may outlive the server until the executor has run them out

    static asio::awaitable<void> accept(std::shared_ptr<state> s);
    static asio::awaitable<void> serve(std::shared_ptr<state> s, std::shared_ptr<asio::ip::tcp::socket> client);

    std::shared_ptr<state> state_;
};

} // namespace kilnwatt::simulator
