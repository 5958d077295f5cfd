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

/// The offset of `boot` by the clock that another entry, perhaps of another boot, knows; nothing when the machine was
/// off in between.
std::optional<std::int64_t> clock_map::offset_for(std::uint32_t boot, clock_entry const& e) const
{
    if (e.boot == boot)
        return e.offset_ms;
    auto const mine = runs_.find(boot);
    auto const other = runs_.find(e.boot);
    if (mine == runs_.end() || other == runs_.end() || mine->second.id.empty() || mine->second.id != other->second.id)
        return std::nullopt;
    return e.offset_ms + (mine->second.started - other->second.started).count();
}

std::optional<clock_entry> clock_map::due(position first, std::uint32_t boot, stamp now)
{
    clock_entry wanted{first, boot, (now.utc.time_since_epoch() - now.mono.time_since_epoch()).count(), true};
    if (settling_ != boot)
        settling_ = 0;
    if (auto const before = entries_.empty() ? std::nullopt : offset_for(boot, last())) {
        auto const had_time = now.mono.time_since_epoch().count() + *before >= trusted_since.time_since_epoch().count();
        auto const stepped = std::abs(wanted.offset_ms - *before) > far_step_ms;
        auto const settling_before = boot != last().boot && !last().trusted;
        if (had_time && (stepped || settling_before)) {
            settling_ = boot;
            settled_at_ = now.mono + settle_time;
        }
    }
    wanted.trusted = now.utc >= trusted_since && (settling_ == 0 || now.mono >= settled_at_);
    if (!entries_.empty() && last().boot == boot && last().trusted == wanted.trusted &&
        std::abs(last().offset_ms - wanted.offset_ms) <= clock_tolerance_ms)
        return std::nullopt;
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
    auto const known = std::find_if(after, entries_.end(), [](clock_entry const& e) { return e.trusted; });
    auto const offset = known == entries_.end() ? std::nullopt : offset_for(found->boot, *known);
    return offset ? clock_entry{found->first, found->boot, *offset, true} : *found;
}

} // namespace kilnwatt::journal
