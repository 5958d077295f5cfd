#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace kilnwatt::pipeline {

/// Notices when the wall clock was set, by the readings' stamps. Pure.
class clock_watch {
public:
    static constexpr std::int64_t step_ms = 2'000; ///< a smaller change is the clock being steered

    /// By how many ms the clock was set since the reading before, if it was: above 0 forward. A new run of the agent
    /// (`boot`) begins anew.
    std::optional<std::int64_t> step(std::uint32_t boot, stamp now)
    {
        auto const offset = (now.utc.time_since_epoch() - now.mono.time_since_epoch()).count();
        auto const change = offset - offset_;
        auto const stepped = known_ && boot == boot_ && std::abs(change) > step_ms;
        known_ = true;
        boot_ = boot;
        offset_ = offset;
        return stepped ? std::optional{change} : std::nullopt;
    }

private:
    bool known_ = false;
    std::uint32_t boot_ = 0;
    std::int64_t offset_ = 0; ///< UTC minus monotonic time; a slow drift moves along
};

} // namespace kilnwatt::pipeline
