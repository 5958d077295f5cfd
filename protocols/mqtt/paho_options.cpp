#include "protocols/mqtt/paho_options.hpp"

#include <mqtt/message.h>
#include <mqtt/ssl_options.h>
#include <mqtt/will_options.h>

namespace kilnwatt::mqtt {

namespace {

/// Paho refuses a publish beyond this, also while connected. The window keeps far below it.
constexpr int buffered_max = 4 * window_max;

/// A payload of inbound_bytes_max with its topic and properties.
constexpr int32_t inbound_packet_max = static_cast<int32_t>(inbound_bytes_max) + 4096;

/// Added to our own timeout, so that Paho, which looks every 3 s, never ends an attempt before we do.
constexpr std::chrono::seconds paho_timeout_margin{10};

::mqtt::ssl_options ssl_options_of(tls_options const& tls)
{
    ::mqtt::ssl_options ssl;
    if (!tls.ca_file.empty())
        ssl.set_trust_store(tls.ca_file);
    if (!tls.certificate_file.empty()) {
        ssl.set_key_store(tls.certificate_file);
        ssl.set_private_key(tls.key_file);
    }
    ssl.set_enable_server_cert_auth(true);
    ssl.set_verify(true); // the host name; off by default
    // Paho's own version switch knows single versions only. OpenSSL 3 has no TLS below 1.2 from security level 1 on.
    ssl.set_enabled_cipher_suites("DEFAULT:@SECLEVEL=2");
    if (!tls.alpn.empty())
        ssl.set_alpn_protos(tls.alpn);
    return ssl;
}

::mqtt::will_options will_options_of(message const& will, int version)
{
    ::mqtt::properties properties;
    if (version == MQTTVERSION_5 && will.expiry)
        properties.add({::mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<int32_t>(will.expiry->count())});
    return {will.topic, will.payload, will.qos, will.retain, properties};
}

} // namespace

std::string paho_uri(bool tls, std::string const& host, std::uint16_t port)
{
    auto const bracketed = host.find(':') == std::string::npos ? host : '[' + host + ']';
    return (tls ? "ssl://" : "tcp://") + bracketed + ':' + std::to_string(port);
}

::mqtt::create_options paho_create_options(session_options const& o)
{
    return ::mqtt::create_options{o.version, buffered_max};
}

void set_paho_connect_options(session_options const& o, ::mqtt::connect_options& options)
{
    options.set_mqtt_version(o.version); // first: it decides which of the two next is valid
    if (o.version == MQTTVERSION_5) {
        options.set_clean_start(true);
        ::mqtt::properties properties;
        properties.add({::mqtt::property::MAXIMUM_PACKET_SIZE, inbound_packet_max});
        options.set_properties(properties);
    } else {
        options.set_clean_session(true);
    }
    options.set_automatic_reconnect(false);
    options.set_keep_alive_interval(o.keep_alive);
    options.set_connect_timeout(o.connect_timeout + paho_timeout_margin);
    options.set_max_inflight(window_max);
    if (!o.user.empty()) {
        options.set_user_name(o.user);
        options.set_password(o.password);
    }
    if (o.will)
        options.set_will(will_options_of(*o.will, o.version));
    if (o.tls)
        options.set_ssl(ssl_options_of(*o.tls));
}

} // namespace kilnwatt::mqtt
