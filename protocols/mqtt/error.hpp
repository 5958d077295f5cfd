#pragma once

#include "core/result.hpp"

namespace kilnwatt::mqtt {

enum class errc {
    /// TCP or TLS connection failed (Paho tells no more).
    connect_failed = 1,
    connect_timeout,
    /// CONNACK: user name or password wrong. Will not heal by itself.
    bad_credentials,
    /// CONNACK or PUBACK: not authorised.
    not_authorised,
    /// CONNACK: protocol version or client id refused.
    rejected,
    /// CONNACK: broker unavailable or busy.
    broker_unavailable,
    /// The connection broke; the message may or may not have arrived.
    lost,
    /// No PUBACK within ack_timeout.
    ack_timeout,
    /// PUBACK with a refusal other than not_authorised (MQTT 5 only).
    publish_refused,
    window_full,
    not_connected,
    /// The URL, a certificate or a key cannot be used.
    bad_options,
};

boost::system::error_category const& error_category() noexcept;
boost::system::error_code make_error_code(errc e) noexcept;

} // namespace kilnwatt::mqtt

namespace boost::system {
template <>
struct is_error_code_enum<kilnwatt::mqtt::errc> : std::true_type {};
} // namespace boost::system
