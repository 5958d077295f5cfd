#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace kilnwatt::control {

/// Decides whether the agent makes real progress: polls begin and the store turns. Pure; fed with counters that only
/// rise. A process that merely runs is not alive.
class watchdog {
public:
    /// `patience`: how long a counter may stand still.
    explicit watchdog(milliseconds patience) : patience_{patience} {}

    /// True while both have moved within the patience. `idle`: nothing is configured to be polled.
    bool alive(mono_time now, std::uint64_t polls, std::uint64_t store_turns, bool idle);

private:
    struct counter {
        std::uint64_t last = 0;
        mono_time moved{};
        bool seen = false;

        bool stands(std::uint64_t value, mono_time now, milliseconds patience);
    };

    milliseconds patience_;
    counter polls_;
    counter store_;
};

} // namespace kilnwatt::control
