#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// Keeps a lasting trouble from filling the log: it is told when it changes, and then once an hour. Pure.
class complaint_log {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::hours again{1};

    /// Is it time to tell this?
    bool due(std::string_view complaint, time_point now)
    {
        if (complaint == last_ && now < told_ + again)
            return false;
        last_ = complaint;
        told_ = now;
        return true;
    }

    void clear() { last_.clear(); }

private:
    std::string last_;
    time_point told_{};
};

} // namespace kilnwatt::publish
