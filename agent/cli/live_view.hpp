#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace kilnwatt::cli {

/// What a subscriber knows of a plant: fed with messages, asked for tables. Knows nothing but what came over MQTT.
/// Pure.
class live_view {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `root` is the sink's topic root; `devices` the names that are expected.
    live_view(std::string root, std::vector<std::string> devices);

    /// A message of the broker; strangers and broken payloads are counted and dropped.
    void on_message(std::string_view topic, std::string_view payload, time_point now);

    /// The figures of the plant and of its devices as lines of text.
    std::vector<std::string> table(time_point now) const;

    /// Per device: read, stored, published, acknowledged, from the agent's health topic.
    std::vector<std::string> summary() const;

    /// What keeps the view from being fresh: a sentence for each device that is not online or silent for longer than
    /// `age`, and for missing plant figures. Empty: all is fresh.
    std::vector<std::string> stale(time_point now, std::chrono::seconds age) const;

    std::uint64_t strangers() const { return strangers_; }

private:
    struct device {
        std::string availability = "unknown";
        boost::json::object state;
        time_point seen{};
        std::uint64_t messages = 0;
    };

    std::string root_;
    std::map<std::string, device, std::less<>> devices_;
    std::vector<std::string> order_;
    boost::json::object metrics_;
    std::int64_t window_start_ = 0;
    time_point metrics_seen_{};
    boost::json::object health_;
    std::string agent_ = "unknown";
    std::uint64_t strangers_ = 0;
};

} // namespace kilnwatt::cli
