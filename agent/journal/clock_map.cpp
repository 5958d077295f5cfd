#include "agent/journal/clock_map.hpp"

#include <algorithm>
#include <cstdlib>

namespace kilnwatt::journal {

void clock_map::add(clock_entry e)
{
    if (!entries_.empty() && entries_.back().first == e.first)
        entries_.back() = e;
    else
        entries_.push_back(e);
}

std::optional<clock_entry> clock_map::due(position first, std::uint32_t boot, stamp now) const
{
    clock_entry const wanted{first, boot, (now.utc.time_since_epoch() - now.mono.time_since_epoch()).count(),
                             now.utc >= trusted_since};
    if (!entries_.empty()) {
        auto const& last = entries_.back();
        if (last.boot == boot && last.trusted == wanted.trusted &&
            std::abs(last.offset_ms - wanted.offset_ms) <= clock_tolerance_ms)
            return std::nullopt;
    }
    return wanted;
}

clock_entry clock_map::at(position p) const
{
    auto const after = std::upper_bound(entries_.begin(), entries_.end(), p,
                                        [](position wanted, clock_entry const& e) { return wanted < e.first; });
    if (after == entries_.begin())
        return {};
    auto const found = std::prev(after);
    if (found->trusted)
        return *found;
    auto const known = std::find_if(after, entries_.end(), [&](clock_entry const& e) {
        return e.trusted || e.boot != found->boot;
    });
    if (known == entries_.end() || known->boot != found->boot)
        return *found;
    return {found->first, found->boot, known->offset_ms, true};
}

} // namespace kilnwatt::journal
