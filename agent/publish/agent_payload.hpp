#pragma once

#include "agent/publish/agent_health.hpp"
#include "agent/publish/device_catalogue.hpp"

#include <string>

namespace kilnwatt::publish {

/// What the agent is: does not change while it runs.
struct agent_identity {
    std::string version;
    utc_time started{};
    std::string epoch; ///< of the journal
};

/// Payload of <root>/info: the agent, and every device with its points and their units. Pure.
std::string info_payload(agent_identity const& who, device_catalogue const& devices);

/// Payload of <root>/health. Pure.
std::string health_payload(agent_health const& h);

} // namespace kilnwatt::publish
