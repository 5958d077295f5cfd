#include "agent/publish/mqtt_transport.hpp"

namespace kilnwatt::publish {
namespace {

mqtt::message on_the_wire(message m)
{
    return {std::move(m.topic), std::move(m.payload), m.qos, m.retain, m.expiry};
}

} // namespace

mqtt_transport::mqtt_transport(boost::asio::any_io_executor executor, mqtt::session_options options)
    : session_{std::move(executor), std::move(options)}
{}

void mqtt_transport::on_lost(done handler)
{
    session_.on_lost(std::move(handler));
}

void mqtt_transport::on_message(std::function<void(message)> handler)
{
    auto translate = [handler = std::move(handler)](mqtt::message m) {
        handler({std::move(m.topic), std::move(m.payload), m.retain, m.expiry, m.qos});
    };
    session_.on_message(std::move(translate));
}

void mqtt_transport::set_will(message will)
{
    session_.set_will(on_the_wire(std::move(will)));
}

boost::asio::awaitable<result<void>> mqtt_transport::connect()
{
    return session_.connect();
}

boost::asio::awaitable<result<void>> mqtt_transport::subscribe(std::string topic)
{
    return session_.subscribe(std::move(topic), 1);
}

int mqtt_transport::window_free() const
{
    return session_.window_free();
}

void mqtt_transport::publish(message m, done completed)
{
    session_.publish(on_the_wire(std::move(m)), std::move(completed));
}

boost::asio::awaitable<void> mqtt_transport::disconnect(std::chrono::milliseconds patience)
{
    return session_.disconnect(patience);
}

transport_factory mqtt_transports(boost::asio::any_io_executor executor, mqtt::session_options options,
                                  std::vector<server_place> fallback)
{
    return [executor, options, fallback](int version, std::size_t server) -> std::unique_ptr<transport> {
        auto chosen = options;
        chosen.version = version;
        if (server > 0) {
            chosen.host = fallback.at(server - 1).host;
            chosen.port = fallback.at(server - 1).port;
        }
        return std::make_unique<mqtt_transport>(executor, std::move(chosen));
    };
}

} // namespace kilnwatt::publish
