#pragma once

#include "agent/publish/device_catalogue.hpp"

#include <set>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// How Home Assistant finds the devices of a JSON sink: one retained message a device under the discovery prefix, which
/// names the topics that the sink publishes anyway. Pure.
///
/// Every point becomes a sensor. Counters of energy are `energy` with `total_increasing`, which the energy dashboard
/// takes; what Home Assistant has no class for goes without one. Needs Home Assistant 2024.11 or newer.
class home_assistant {
public:
    /// `prefix`: of discovery, "homeassistant" unless changed there. `root`: of the sink's topics.
    home_assistant(std::string prefix, std::string root, std::string agent_version);

    std::string const& prefix() const { return prefix_; }
    std::string status_topic() const { return prefix_ + "/status"; } ///< says "online" when Home Assistant has started

    std::string config_topic(std::string_view device) const;
    /// The discovery message. `gone`: ids of sensors that were announced before and are no more.
    std::string config(device_entry const& d, std::set<std::string> const& gone) const;

    static std::set<std::string> sensor_ids(device_entry const& d); ///< of the device's points

private:
    std::string object_id(std::string_view device) const;

    std::string prefix_;
    std::string root_;
    std::string agent_version_;
};

} // namespace kilnwatt::publish
