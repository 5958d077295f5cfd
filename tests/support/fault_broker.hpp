#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::test {

/// One MQTT control packet as it came over the wire.
struct mqtt_packet {
    int type = 0;     ///< 1 CONNECT, 3 PUBLISH, 8 SUBSCRIBE, 12 PINGREQ, 14 DISCONNECT
    int flags = 0;    ///< low four bits of the first byte
    std::string body; ///< after the remaining length

    int qos() const { return (flags >> 1) & 3; } ///< of a PUBLISH
    std::string topic() const;                   ///< of a PUBLISH
};

/// What the broker does next. Bytes are sent before it closes.
struct mqtt_reaction {
    std::string bytes;
    bool close = false;
};

/// CONNACK of 3.1.1 (version 4) or MQTT 5; `properties` as they go over the wire, without their length.
std::string connack(int version, int code, std::string const& properties = {});
/// PUBACK without a reason, valid in both versions.
std::string puback(mqtt_packet const& publish);
/// DISCONNECT of MQTT 5 with a reason code.
std::string server_disconnect(int code);

/// A broker that does exactly what its script says, on a thread of its own: withholds an acknowledgement, sends
/// garbage, closes. Listens on a free port of 127.0.0.1.
class fault_broker {
public:
    using script = std::function<mqtt_reaction(mqtt_packet const&)>;

    /// `on_packet` runs on the broker's thread for each packet.
    explicit fault_broker(script on_packet, mqtt_reaction on_accept = {});
    ~fault_broker();
    fault_broker(fault_broker const&) = delete;
    fault_broker& operator=(fault_broker const&) = delete;

    std::uint16_t port() const;

    /// What came so far, over all connections.
    std::vector<mqtt_packet> received() const;
    int connections() const;
    /// Connections that the client has ended.
    int closed_by_client() const;

private:
    struct server;
    class peer;
    std::unique_ptr<server> server_;
};

} // namespace kilnwatt::test
