#include "tests/support/fault_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>

namespace kilnwatt::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int type_publish = 3;

std::string text_at(std::string const& body, std::size_t at)
{
    if (body.size() < at + 2)
        return {};
    auto const size = static_cast<std::size_t>(static_cast<unsigned char>(body[at])) << 8 |
                      static_cast<std::size_t>(static_cast<unsigned char>(body[at + 1]));
    return body.substr(at + 2, size);
}

} // namespace

std::string mqtt_packet::topic() const
{
    return type == type_publish ? text_at(body, 0) : std::string{};
}

std::string connack(int version, int code, std::string const& properties)
{
    std::string body{'\0', static_cast<char>(code)};
    if (version == 5)
        body += static_cast<char>(properties.size()) + properties;
    return std::string{'\x20', static_cast<char>(body.size())} + body;
}

std::string puback(mqtt_packet const& publish)
{
    return std::string{'\x40', '\x02'} + publish.body.substr(publish.topic().size() + 2, 2);
}

std::string server_disconnect(int code)
{
    return {'\xe0', '\x02', static_cast<char>(code), '\0'};
}

struct fault_broker::server {
    server(script packet_script, mqtt_reaction accept_reaction)
        : on_packet{std::move(packet_script)}, on_accept{std::move(accept_reaction)}
    {
    }

    void accept();

    script on_packet;
    mqtt_reaction on_accept;
    asio::io_context io{1};
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    mutable std::mutex mutex; ///< guards what follows
    std::vector<mqtt_packet> received;
    int connections = 0;
    int closed_by_client = 0;
    std::thread thread;
};

/// One client; lives as long as its operations.
class fault_broker::peer : public std::enable_shared_from_this<peer> {
public:
    peer(server& owner, tcp::socket socket) : owner_{owner}, socket_{std::move(socket)} {}

    void start()
    {
        obey(owner_.on_accept);
        read_packet();
    }

private:
    void read_packet()
    {
        read_byte([this](unsigned char first) {
            packet_.type = first >> 4;
            packet_.flags = first & 15;
            read_length(0, 0);
        });
    }

    template <class Next>
    void read_byte(Next next)
    {
        asio::async_read(socket_, asio::buffer(&byte_, 1), [self = shared_from_this(), next](error_code ec, auto) {
            if (ec)
                return self->gone(ec);
            next(self->byte_);
        });
    }

    void read_length(std::size_t so_far, int shift)
    {
        read_byte([this, so_far, shift](unsigned char b) {
            auto const length = so_far | static_cast<std::size_t>(b & 127) << shift;
            if (b & 128)
                read_length(length, shift + 7);
            else
                read_body(length);
        });
    }

    void read_body(std::size_t length)
    {
        packet_.body.resize(length);
        asio::async_read(socket_, asio::buffer(packet_.body), [self = shared_from_this()](error_code ec, auto) {
            if (ec)
                return self->gone(ec);
            {
                std::lock_guard const lock{self->owner_.mutex};
                self->owner_.received.push_back(self->packet_);
            }
            self->obey(self->owner_.on_packet(self->packet_));
            self->read_packet();
        });
    }

    void obey(mqtt_reaction const& reaction)
    {
        error_code ignored;
        if (!reaction.bytes.empty())
            asio::write(socket_, asio::buffer(reaction.bytes), ignored);
        if (reaction.close)
            socket_.close(ignored);
    }

    void gone(error_code ec)
    {
        if (ec == asio::error::operation_aborted || ec == asio::error::bad_descriptor)
            return; // closed by obey()
        std::lock_guard const lock{owner_.mutex};
        ++owner_.closed_by_client;
    }

    server& owner_;
    tcp::socket socket_;
    unsigned char byte_ = 0;
    mqtt_packet packet_;
};

void fault_broker::server::accept()
{
    acceptor.async_accept([this](error_code ec, tcp::socket socket) {
        if (ec)
            return;
        {
            std::lock_guard const lock{mutex};
            ++connections;
        }
        std::make_shared<peer>(*this, std::move(socket))->start();
        accept();
    });
}

fault_broker::fault_broker(script on_packet, mqtt_reaction on_accept)
    : server_{std::make_unique<server>(std::move(on_packet), std::move(on_accept))}
{
    server_->accept();
    server_->thread = std::thread{[s = server_.get()] { s->io.run(); }};
}

fault_broker::~fault_broker()
{
    server_->io.stop();
    server_->thread.join();
}

std::uint16_t fault_broker::port() const
{
    return server_->acceptor.local_endpoint().port();
}

std::vector<mqtt_packet> fault_broker::received() const
{
    std::lock_guard const lock{server_->mutex};
    return server_->received;
}

int fault_broker::connections() const
{
    std::lock_guard const lock{server_->mutex};
    return server_->connections;
}

int fault_broker::closed_by_client() const
{
    std::lock_guard const lock{server_->mutex};
    return server_->closed_by_client;
}

} // namespace kilnwatt::test
