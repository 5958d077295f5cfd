#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace kilnwatt::bench {

/// Modbus TCP on loopback with a thread of its own: every request is answered after `latency`, and when it came is
/// noted. Silent: connections are accepted, requests are read, and nothing comes back.
class latent_server {
public:
    using clock = std::chrono::steady_clock;

    explicit latent_server(std::chrono::milliseconds latency, bool silent = false);
    ~latent_server();

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    /// After stop(): how far the distances between the requests of each connection lie from `period`, in ms.
    void stop();
    std::vector<double> deviations(std::chrono::milliseconds period) const;

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, std::size_t connection);

    std::chrono::milliseconds latency_;
    bool silent_;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::vector<clock::time_point>> arrivals_; ///< by connection
    std::thread thread_;
};

} // namespace kilnwatt::bench
