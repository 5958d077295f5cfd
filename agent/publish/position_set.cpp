#include "agent/publish/position_set.hpp"

#include <algorithm>

namespace kilnwatt::publish {
namespace {

/// First range that ends after `p`.
template <class Ranges>
auto first_ending_after(Ranges& ranges, position p)
{
    return std::upper_bound(ranges.begin(), ranges.end(), p,
                            [](position value, position_range const& r) { return value < r.last; });
}

} // namespace

void position_set::add(position_range r)
{
    if (r.first >= r.last)
        return;
    auto const from = std::lower_bound(ranges_.begin(), ranges_.end(), r.first,
                                       [](position_range const& x, position value) { return x.last < value; });
    auto to = from;
    for (; to != ranges_.end() && to->first <= r.last; ++to) {
        r.first = std::min(r.first, to->first);
        r.last = std::max(r.last, to->last);
    }
    ranges_.insert(ranges_.erase(from, to), r);
}

void position_set::remove(position_range r)
{
    if (r.first >= r.last)
        return;
    auto at = first_ending_after(ranges_, r.first);
    if (at == ranges_.end() || at->first >= r.last)
        return;
    if (at->first < r.first) {
        position_range const left{at->first, r.first};
        at->first = r.first;
        at = std::next(ranges_.insert(at, left));
    }
    auto to = at;
    while (to != ranges_.end() && to->last <= r.last)
        ++to;
    at = ranges_.erase(at, to);
    if (at != ranges_.end())
        at->first = std::max(at->first, r.last);
}

bool position_set::contains(position p) const
{
    auto const at = first_ending_after(ranges_, p);
    return at != ranges_.end() && at->first <= p;
}

std::uint64_t position_set::size() const
{
    std::uint64_t sum = 0;
    for (auto const& r : ranges_)
        sum += r.last - r.first;
    return sum;
}

std::optional<position_range> position_set::first_outside(position_set const& held, position end) const
{
    for (auto r : ranges_) {
        r.last = std::min(r.last, end);
        auto blocker = first_ending_after(held.ranges_, r.first);
        if (blocker != held.ranges_.end() && blocker->first <= r.first) {
            r.first = blocker->last;
            ++blocker;
        }
        if (blocker != held.ranges_.end())
            r.last = std::min(r.last, blocker->first);
        if (r.first < r.last)
            return r;
    }
    return std::nullopt;
}

void position_set::coarsen(std::size_t most)
{
    while (ranges_.size() > std::max<std::size_t>(most, 1)) {
        auto best = ranges_.begin();
        for (auto at = ranges_.begin(); std::next(at) != ranges_.end(); ++at)
            if (std::next(at)->first - at->last < std::next(best)->first - best->last)
                best = at;
        best->last = std::next(best)->last;
        ranges_.erase(std::next(best));
    }
}

} // namespace kilnwatt::publish
