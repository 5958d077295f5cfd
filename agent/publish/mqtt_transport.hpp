#pragma once

#include "agent/publish/transport.hpp"
#include "protocols/mqtt/session.hpp"

namespace kilnwatt::publish {

/// A transport over one mqtt::session whose will is `will`.
class mqtt_transport final : public transport {
public:
    mqtt_transport(boost::asio::any_io_executor executor, mqtt::session_options options, message will);

    void on_lost(done handler) override;
    boost::asio::awaitable<result<void>> connect() override;
    int window_free() const override;
    void publish(message m, done completed) override;
    boost::asio::awaitable<void> disconnect(std::chrono::milliseconds patience) override;

private:
    mqtt::session session_;
};

/// Makes transports that differ in the MQTT version only.
transport_factory mqtt_transports(boost::asio::any_io_executor executor, mqtt::session_options options, message will);

} // namespace kilnwatt::publish
