#pragma once

#include "agent/energy/byte_stream.hpp"
#include "core/time.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace kilnwatt::pipeline {

/// Notices when the wall clock was set, by the readings' stamps. Pure.
class clock_watch {
public:
    static constexpr std::int64_t step_ms = 2'000; ///< a smaller change is the clock being steered

    /// By how many ms the clock was set since the reading before, if it was: above 0 forward. Of a new run of the agent
    /// (`boot`) only a clock that was set back can be told, by that much at least.
    std::optional<std::int64_t> step(std::uint32_t boot, stamp now)
    {
        auto const utc = now.utc.time_since_epoch().count();
        auto const offset = utc - now.mono.time_since_epoch().count();
        auto const change = boot == boot_ ? offset - offset_ : std::min<std::int64_t>(utc - utc_, 0);
        auto const stepped = known_ && std::abs(change) > step_ms;
        known_ = true;
        boot_ = boot;
        offset_ = offset;
        utc_ = utc;
        return stepped ? std::optional{change} : std::nullopt;
    }

    void save(energy::byte_writer& w) const
    {
        w.number(known_ ? 1 : 0);
        w.number(boot_);
        w.signed_number(offset_);
        w.signed_number(utc_);
    }

    void load(energy::byte_reader& r)
    {
        known_ = r.number() != 0;
        boot_ = static_cast<std::uint32_t>(r.number());
        offset_ = r.signed_number();
        utc_ = r.signed_number();
    }

private:
    bool known_ = false;
    std::uint32_t boot_ = 0;
    std::int64_t offset_ = 0; ///< UTC minus monotonic time; a slow drift moves along
    std::int64_t utc_ = 0;
};

} // namespace kilnwatt::pipeline
