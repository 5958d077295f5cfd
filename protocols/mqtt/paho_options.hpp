#pragma once

#include "protocols/mqtt/session.hpp"

#include <mqtt/connect_options.h>
#include <mqtt/create_options.h>

#include <string>

namespace kilnwatt::mqtt {

/// "tcp://host:port" or "ssl://host:port"; an IPv6 address gets its brackets.
std::string paho_uri(bool tls, std::string const& host, std::uint16_t port);

::mqtt::create_options paho_create_options(session_options const& o);

/// Fills `options` in place: a moved connect_options loses its properties. Pass it to connect() by name, too.
void set_paho_connect_options(session_options const& o, ::mqtt::connect_options& options);

} // namespace kilnwatt::mqtt
