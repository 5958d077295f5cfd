#pragma once

#include "agent/poll/device_health.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::control {

/// Which changes of a device's state the log tells: each once, and of a device that stays offline, or whose state
/// changes often, one line an hour. That a device sleeps is told once. Pure.
class device_log {
public:
    static constexpr milliseconds again{3'600'000};
    static constexpr int changes_told = 10; ///< one by one, until an hour brings none

    struct line {
        poll::health state;
        std::string text;
    };

    /// A device changed its state; `why` is "" when it came back. Nothing when it has to wait for due().
    std::optional<line> changed(std::string const& device, poll::health state, std::string const& why, mono_time now);

    /// What is to be told again; ask from time to time.
    std::vector<line> due(mono_time now);

private:
    struct entry {
        poll::health state = poll::health::unknown;
        std::string why;
        mono_time since{}; ///< of the state
        mono_time told{};
        int changes = 0;          ///< without a calm hour between them
        std::uint64_t untold = 0; ///< since `told`
    };

    std::map<std::string, entry> devices_;
};

} // namespace kilnwatt::control
