#include "bench/poll/latent_server.hpp"

#include "protocols/modbus/tcp_framing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cmath>

namespace kilnwatt::bench {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

} // namespace

latent_server::latent_server(std::chrono::milliseconds latency, bool silent)
    : latency_{latency}, silent_{silent}, acceptor_{context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}}
{
    acceptor_.listen(4096);
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread{[this] { context_.run(); }};
}

latent_server::~latent_server()
{
    stop();
}

void latent_server::stop()
{
    context_.stop();
    if (thread_.joinable())
        thread_.join();
}

asio::awaitable<void> latent_server::accept()
{
    while (true) {
        auto [ec, socket] = co_await acceptor_.async_accept(no_throw);
        if (ec)
            co_return;
        socket.set_option(tcp::no_delay{true});
        arrivals_.emplace_back();
        asio::co_spawn(context_, serve(std::move(socket), arrivals_.size() - 1), asio::detached);
    }
}

asio::awaitable<void> latent_server::serve(tcp::socket socket, std::size_t connection)
{
    std::array<std::uint8_t, modbus::tcp_header_size + modbus::request_pdu{}.size()> request{};
    std::array<std::uint8_t, modbus::tcp_frame_max> reply{};
    std::array<std::uint8_t, modbus::pdu_max> pdu{};
    std::array<std::uint16_t, modbus::registers_max> const words{};
    asio::steady_timer timer{context_};
    while (true) {
        auto const [ec, n] = co_await asio::async_read(socket, asio::buffer(request), no_throw);
        if (ec)
            co_return;
        arrivals_[connection].push_back(clock::now());
        auto const frame = modbus::first_tcp_frame(request);
        auto const asked = modbus::parse_request(request[6], modbus::byte_view{request}.subspan(7));
        if (silent_ || frame.has_error() || asked.has_error())
            continue;
        auto const size = modbus::encode_reply(*asked, words, pdu);
        auto const bytes = modbus::encode_tcp((*frame)->transaction, asked->unit, std::span{pdu}.first(size), reply);
        timer.expires_after(latency_);
        co_await timer.async_wait(no_throw);
        auto const [failed, sent] = co_await asio::async_write(socket, asio::buffer(reply.data(), bytes), no_throw);
        if (failed)
            co_return;
    }
}

std::vector<double> latent_server::deviations(std::chrono::milliseconds period) const
{
    std::vector<double> all;
    for (auto const& times : arrivals_)
        for (std::size_t i = 3; i < times.size(); ++i) { // the first polls find their slots
            std::chrono::duration<double, std::milli> const distance = times[i] - times[i - 1];
            all.push_back(std::abs(distance.count() - static_cast<double>(period.count())));
        }
    return all;
}

} // namespace kilnwatt::bench
