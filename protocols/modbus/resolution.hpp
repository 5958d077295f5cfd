#pragma once

#include "core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::modbus {

namespace asio = boost::asio;

/// The addresses of a host. A number is answered at once; a name is looked up by Asio's resolver thread.
///
/// A name server that does not answer cannot hold the caller: cancel() ends wait() at once, and the late result is
/// dropped. (The resolver thread itself stays busy until the system gives up.)
class resolution {
public:
    using endpoints = std::vector<asio::ip::tcp::endpoint>;
    static constexpr std::size_t endpoints_max = 8;

    explicit resolution(asio::any_io_executor executor);

    /// Fails with connect_failed. One at a time; ends with cancelled after cancel() or per-operation cancellation.
    asio::awaitable<result<endpoints>> wait(std::string const& host, std::uint16_t port);
    void cancel();

private:
    struct state;
    asio::any_io_executor executor_;
    std::shared_ptr<state> running_;
};

} // namespace kilnwatt::modbus
