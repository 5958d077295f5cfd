#pragma once

#include "core/record.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kilnwatt::publish {

/// Does the device answer with good values?
enum class availability : std::uint8_t { offline, asleep, online };

std::string_view to_string(availability a) noexcept;

/// The ledger of one device: read = stored + unstored; published counts hand-overs, so it holds the resent ones too.
struct device_ledger {
    std::string device;
    std::uint64_t read = 0, stored = 0, unstored = 0, published = 0, acknowledged = 0, dropped = 0;
};

struct link_health {
    std::string name;
    bool connected = false;
    std::uint64_t requests = 0, failures = 0;
    std::string last_error; ///< "" = none
};

struct sink_health {
    std::string name;
    bool connected = false;
    std::uint64_t backlog = 0; ///< journal positions not confirmed yet, an upper bound of records
    std::uint64_t published = 0, acknowledged = 0, resent = 0, refused = 0, dropped = 0;
};

struct journal_health {
    bool writing = true; ///< false: records are refused, for example because the disk is full
    std::uint64_t bytes = 0;
    position oldest = 0, head = 0;
};

struct clock_health {
    bool trusted = true;
};

/// What the agent says of itself; the agent gathers it, the sinks publish it.
struct agent_health {
    utc_time time{};
    std::uint64_t uptime_s = 0;
    std::vector<device_ledger> devices;
    std::vector<link_health> links;
    std::vector<sink_health> sinks;
    journal_health journal;
    clock_health clock;
};

} // namespace kilnwatt::publish
