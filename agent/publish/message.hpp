#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// One message for the broker or from it.
struct message {
    std::string topic;
    std::string payload;
    bool retain = false;
    std::optional<std::chrono::seconds> expiry; ///< MQTT 5 only
    int qos = 1;
};

/// `name` as one topic level: what has a meaning in MQTT (/ + # and control characters) becomes _.
std::string topic_level(std::string_view name);

} // namespace kilnwatt::publish
