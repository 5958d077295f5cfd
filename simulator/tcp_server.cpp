#include "simulator/tcp_server.hpp"

#include "protocols/modbus/tcp_framing.hpp"
#include "simulator/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace kilnwatt::simulator {
namespace {

using asio::ip::tcp;
constexpr auto with_error = asio::as_tuple(asio::use_awaitable);

/// The reply PDU to a request; empty when the unit keeps silent, nothing when it ends the connection.
std::optional<std::vector<std::uint8_t>> answer(std::vector<std::shared_ptr<modbus_unit>> const& units,
                                                modbus::tcp_frame const& frame)
{
    auto const refuse = [&](boost::system::error_code const& ec) {
        auto const pdu = modbus::encode_exception(frame.pdu[0], static_cast<modbus::errc>(ec.value()));
        return std::vector<std::uint8_t>(pdu.begin(), pdu.end());
    };
    auto const unit = std::find_if(units.begin(), units.end(), [&](auto const& u) { return u->unit() == frame.unit; });
    if (unit == units.end())
        return refuse(modbus::make_error_code(modbus::errc::gateway_target_failed));
    if ((*unit)->is_silent())
        return std::vector<std::uint8_t>{};
    auto const request = modbus::parse_request(frame.unit, frame.pdu);
    if (request.has_error())
        return refuse(request.error());
    std::array<std::uint16_t, modbus::bits_max> words;
    if (auto const read = (*unit)->read(*request, words); read.has_error()) {
        if (read.error() == modbus::errc::connection_lost)
            return std::nullopt;
        if (read.error() == modbus::errc::timeout)
            return std::vector<std::uint8_t>{};
        if (read.error() == modbus::errc::malformed_reply) // a byte count that no request has
            return std::vector<std::uint8_t>{frame.pdu[0], 0};
        return refuse(read.error());
    }
    std::array<std::uint8_t, modbus::pdu_max> pdu;
    auto const size = modbus::encode_reply(*request, std::span{words}.first(request->count), pdu);
    return std::vector<std::uint8_t>(pdu.begin(), pdu.begin() + static_cast<std::ptrdiff_t>(size));
}

/// The bytes of one client and the answers to them.
struct conversation {
    std::array<std::uint8_t, 4 * modbus::tcp_frame_max> heard;
    std::size_t used = 0;
    std::vector<std::uint8_t> answers;

    asio::mutable_buffer room() { return asio::buffer(heard.data() + used, heard.size() - used); }

    /// Takes `size` bytes read into room() and answers every whole request. False when the stream cannot be understood.
    bool hear(std::size_t size, std::vector<std::shared_ptr<modbus_unit>> const& units)
    {
        used += size;
        answers.clear();
        for (;;) {
            auto const frame = modbus::first_tcp_frame(std::span{heard}.first(used));
            if (frame.has_error())
                return false;
            if (!frame->has_value())
                return true;
            auto const pdu = answer(units, **frame);
            if (!pdu)
                return false;
            if (!pdu->empty()) {
                std::array<std::uint8_t, modbus::tcp_frame_max> out;
                auto const length = modbus::encode_tcp((*frame)->transaction, (*frame)->unit, *pdu, out);
                answers.insert(answers.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(length));
            }
            auto const taken = (*frame)->size;
            std::copy(heard.begin() + static_cast<std::ptrdiff_t>(taken),
                      heard.begin() + static_cast<std::ptrdiff_t>(used), heard.begin());
            used -= taken;
        }
    }
};

} // namespace

struct tcp_server::state {
    state(asio::any_io_executor executor, std::vector<std::shared_ptr<modbus_unit>> u)
        : door{std::move(executor)}, units{std::move(u)}
    {}

    listener door;
    std::vector<std::shared_ptr<modbus_unit>> units;
};

tcp_server::tcp_server(asio::any_io_executor executor, std::vector<std::shared_ptr<modbus_unit>> units)
    : state_{std::make_shared<state>(std::move(executor), std::move(units))}
{}

result<void> tcp_server::listen(std::string const& host, std::uint16_t port)
{
    if (auto const opened = state_->door.open(host, port); opened.has_error())
        return opened.error();
    asio::co_spawn(state_->door.executor(), accept(state_), asio::detached);
    return {};
}

void tcp_server::stop()
{
    state_->door.close();
}

void tcp_server::set_down(bool down)
{
    state_->door.set_down(down);
}

asio::awaitable<void> tcp_server::accept(std::shared_ptr<state> s)
{
    while (auto client = co_await s->door.next(clients_max))
        asio::co_spawn(s->door.executor(), serve(s, client), asio::detached);
}

asio::awaitable<void> tcp_server::serve(std::shared_ptr<state> s, std::shared_ptr<tcp::socket> client)
{
    auto const talk = std::make_unique<conversation>(); // in the frame it would trip g++ 12's check of new and delete
    auto failed = false;
    while (!failed) {
        auto const [error, size] = co_await client->async_read_some(talk->room(), with_error);
        failed = error || !talk->hear(size, s->units);
        if (!failed && !talk->answers.empty()) {
            auto const bytes = asio::buffer(talk->answers);
            auto const [lost, sent] = co_await asio::async_write(*client, bytes, with_error);
            failed = lost.failed();
        }
    }
    s->door.drop(client);
}

} // namespace kilnwatt::simulator
