#include "agent/publish/mqtt_transport.hpp"

namespace kilnwatt::publish {
namespace {

mqtt::message on_the_wire(message m)
{
    return {std::move(m.topic), std::move(m.payload), 1, m.retain, m.expiry};
}

mqtt::session_options with_will(mqtt::session_options options, message will)
{
    options.will = on_the_wire(std::move(will));
    return options;
}

} // namespace

mqtt_transport::mqtt_transport(boost::asio::any_io_executor executor, mqtt::session_options options, message will)
    : session_{std::move(executor), with_will(std::move(options), std::move(will))}
{}

void mqtt_transport::on_lost(done handler)
{
    session_.on_lost(std::move(handler));
}

boost::asio::awaitable<result<void>> mqtt_transport::connect()
{
    return session_.connect();
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

transport_factory mqtt_transports(boost::asio::any_io_executor executor, mqtt::session_options options, message will)
{
    return [executor, options, will](int version) -> std::unique_ptr<transport> {
        auto versioned = options;
        versioned.version = version;
        return std::make_unique<mqtt_transport>(executor, std::move(versioned), will);
    };
}

} // namespace kilnwatt::publish
