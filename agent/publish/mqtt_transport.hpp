#pragma once

#include "agent/publish/transport.hpp"
#include "protocols/mqtt/session.hpp"

#include <vector>

namespace kilnwatt::publish {

/// A transport over one mqtt::session.
class mqtt_transport final : public transport {
public:
    mqtt_transport(boost::asio::any_io_executor executor, mqtt::session_options options);

    void on_lost(done handler) override;
    void on_message(std::function<void(message)> handler) override;
    void set_will(message will) override;
    boost::asio::awaitable<result<void>> connect() override;
    boost::asio::awaitable<result<void>> subscribe(std::string topic) override;
    int window_free() const override;
    void publish(message m, done completed) override;
    boost::asio::awaitable<void> disconnect(std::chrono::milliseconds patience) override;
    std::string reason() const override { return std::string{session_.reason()}; }

private:
    mqtt::session session_;
};

/// Makes transports that differ in the MQTT version and in the server only.
transport_factory mqtt_transports(boost::asio::any_io_executor executor, mqtt::session_options options,
                                  std::vector<server_place> fallback);

} // namespace kilnwatt::publish
