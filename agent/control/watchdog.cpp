#include "agent/control/watchdog.hpp"

namespace kilnwatt::control {

bool watchdog::counter::stands(std::uint64_t value, mono_time now, milliseconds patience)
{
    if (!seen || value != last) {
        seen = true;
        last = value;
        moved = now;
    }
    return now - moved > patience;
}

bool watchdog::alive(mono_time now, std::uint64_t polls, std::uint64_t store_turns, bool idle)
{
    auto const polling_stands = polls_.stands(polls, now, patience_) && !idle;
    auto const store_stands = store_.stands(store_turns, now, patience_);
    return !polling_stands && !store_stands;
}

} // namespace kilnwatt::control
