#include "simulator/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kilnwatt::simulator {

using asio::ip::tcp;

listener::listener(asio::any_io_executor executor) : acceptor_{std::move(executor)} {}

result<void> listener::open(std::string const& host, std::uint16_t port)
{
    boost::system::error_code ec;
    auto const address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
    if (ec)
        return ec;
    tcp::endpoint const at{address, port};
    acceptor_.open(at.protocol(), ec);
    if (!ec)
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec)
        acceptor_.bind(at, ec);
    if (!ec)
        acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        return ec;
    return {};
}

void listener::close()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    close_clients();
}

void listener::close_clients()
{
    for (auto const& c : clients_) {
        boost::system::error_code ignored;
        c->close(ignored);
    }
    clients_.clear();
}

asio::awaitable<listener::client> listener::next(std::size_t clients_max)
{
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error == asio::error::operation_aborted || !acceptor_.is_open())
            co_return nullptr;
        if (error) { // out of descriptors or memory: it may pass
            asio::steady_timer pause{acceptor_.get_executor(), std::chrono::milliseconds{100}};
            co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        if (down_ || clients_.size() >= clients_max)
            continue; // the socket closes itself
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        clients_.push_back(std::make_shared<tcp::socket>(std::move(socket)));
        co_return clients_.back();
    }
    co_return nullptr;
}

void listener::drop(client const& gone)
{
    boost::system::error_code ignored;
    gone->close(ignored);
    std::erase(clients_, gone);
}

void listener::set_down(bool down)
{
    down_ = down;
    if (down)
        close_clients();
}

} // namespace kilnwatt::simulator
