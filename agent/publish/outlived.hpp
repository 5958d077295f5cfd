#pragma once

#include "agent/publish/lanes.hpp"
#include "agent/publish/position_set.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace kilnwatt::publish {

/// Records that went out with QoS 0, which nobody acknowledges. What is sent between the true end of a connection and
/// its discovery is lost, so a record counts as delivered only when its session outlived it by `patience`. Pure.
class outlived {
public:
    using time_point = rate_limit::time_point;
    using milliseconds = std::chrono::milliseconds;

    /// Records sent within this time wait together, so that memory does not grow with the rate.
    static constexpr milliseconds slot_length{250};

    struct slot {
        time_point last;
        position_set covers;
        std::map<std::pair<stream, std::string>, std::uint64_t> records; ///< by stream and device
    };

    explicit outlived(milliseconds patience) : patience_{patience} {}

    void add(lane_item const& item, time_point now);
    std::optional<slot> take(time_point now); ///< the oldest one that was outlived
    milliseconds wait(time_point now) const;  ///< until take() has one; 0 = none waits
    void clear() { slots_.clear(); }          ///< the session ended: none of these counts

private:
    struct open_slot : slot {
        time_point first;
    };

    milliseconds patience_;
    std::deque<open_slot> slots_;
};

} // namespace kilnwatt::publish
