#pragma once

#include "agent/publish/lanes.hpp"
#include "agent/publish/message.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace kilnwatt::publish {

/// Turns records into messages. Pure.
///
/// Readings and windows go to <root>/<device>/<stream>, KPI sets and events to <root>/<stream>. Of the KPI
/// sets the last one is retained: one older than what was already sent is not, so the backlog never covers it.
class record_messages {
public:
    record_messages(std::string root, std::string epoch) : root_{std::move(root)}, epoch_{std::move(epoch)} {}

    message of(lane_item const& item);

private:
    bool newest_kpi(record const& r);

    std::string root_;
    std::string epoch_;
    std::array<std::int64_t, stream_count> newest_start_{};
};

} // namespace kilnwatt::publish
