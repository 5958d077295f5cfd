#pragma once

#include "agent/energy/counter_track.hpp"

#include <optional>
#include <vector>

namespace kilnwatt::test {

using namespace kilnwatt::energy;

inline constexpr instant base = 1'780'272'000'000; // a full hour

/// A counter with its closing clock: everything that ends `delay` before a reading is closed before the reading counts.
struct closing_counter {
    explicit closing_counter(counter_rules rules = {}, instant close_delay = 15'000)
        : delay{close_delay}, track{rules, open_windows(close_delay)}
    {}

    std::optional<counter_incident> read(instant at, double value, quality q = quality::good, double resolution = 0)
    {
        close(base + at);
        return track.on_reading({base + at, value, q, resolution, 0}, closed);
    }

    void close(instant now)
    {
        for (; closed + minute <= now - delay; closed += minute) {
            minutes.push_back(track.close_minute(closed + minute));
            if ((closed + minute) % quarter == 0)
                quarters.push_back(track.close_quarter(closed + minute));
        }
    }

    instant delay;
    counter_track track;
    instant closed = base - quarter;
    std::vector<counter_delta> minutes;
    std::vector<counter_delta> quarters;
};

} // namespace kilnwatt::test
