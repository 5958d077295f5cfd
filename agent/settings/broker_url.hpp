#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::settings {

struct broker_address {
    bool tls = false;
    std::string host; ///< in lower case, without brackets
    std::uint16_t port = 0;
};

/// "mqtt://host[:1883]" or "mqtts://host[:8883]"; an IPv6 host stands in brackets. `why` gets the sentence.
std::optional<broker_address> parse_broker_url(std::string_view url, std::string& why);

} // namespace kilnwatt::settings
