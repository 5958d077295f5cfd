#pragma once

#include "agent/energy/counter_track.hpp"
#include "agent/energy/gauge_summary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy {

/// What one device did in one closed window.
struct device_window {
    struct gauge {
        std::string name;
        std::string unit;
        gauge_summary sum;
    };
    struct counter {
        std::string name;
        std::string unit;
        bool read = false; ///< a number of this counter was ever read
        counter_delta delta;
    };

    instant start = 0;
    instant end = 0;
    std::vector<gauge> gauges;
    std::vector<counter> counters;

    gauge_summary const* find_gauge(std::string_view name) const;
    counter_delta const* find_counter(std::string_view name) const; ///< one that was ever read, or is integrated

    instant length() const { return end - start; }
    bool says_something() const;
};

} // namespace kilnwatt::energy
