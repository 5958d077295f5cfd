#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

/// Keeps what others can cause at will from filling the log: the first is told at once, then one a minute with the
/// number of those in between. Pure.
class burst_log {
public:
    using time_point = complaint_log::time_point;
    static constexpr std::chrono::minutes again{1};

    /// The line to write now; nothing when it has to wait.
    std::optional<std::string> tell(std::string text, time_point now)
    {
        if (told_ && now < *told_ + again) {
            ++untold_;
            return std::nullopt;
        }
        told_ = now;
        if (auto const more = std::exchange(untold_, 0); more > 0)
            text += " (" + std::to_string(more) + " more since the last such line)";
        return text;
    }

private:
    std::optional<time_point> told_;
    std::uint64_t untold_ = 0;
};

} // namespace kilnwatt::publish
