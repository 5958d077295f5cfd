#include "agent/journal/retention.hpp"

#include <algorithm>

namespace kilnwatt::journal {
namespace {

constexpr std::uint64_t segments_min = 8;
constexpr std::uint64_t segment_bytes_min = 64u << 10;

template <class F>
void for_each_stream(budget b, F f)
{
    for (int i = 0; i < stream_count; ++i)
        if (auto const s = static_cast<stream>(i); budget_of(s) == b)
            f(s);
}

std::optional<stream> oldest_in(segment_directory const& segments, budget b)
{
    std::optional<stream> oldest;
    for_each_stream(b, [&](stream s) {
        auto const& l = segments.of(s);
        if (l.size() > 1 && (!oldest || l.front().range.first < segments.of(*oldest).front().range.first))
            oldest = s;
    });
    return oldest;
}

/// What a budget holds, and what its open segments may still take.
std::uint64_t claimed(segment_directory const& segments, budget b, retention_state const& now)
{
    std::uint64_t sum = 0;
    for_each_stream(b, [&](stream s) {
        auto const& l = segments.of(s);
        if (l.empty())
            return;
        sum += segments.bytes(s);
        auto const full = segment_bytes_of(s, now.limits, now.segment_bytes_max);
        sum += full - std::min(full, l.back().bytes);
    });
    return sum;
}

/// A stream whose oldest segment was full longer ago than the budget's age.
std::optional<stream> expired_in(segment_directory const& segments, budget b, retention_state const& now)
{
    auto const& age = now.limits[static_cast<std::size_t>(b)].age;
    std::optional<stream> found;
    if (age)
        for_each_stream(b, [&](stream s) {
            auto const& l = segments.of(s);
            if (l.size() > 1 && now.uptime_ms - l[1].opened > age->count())
                found = s;
        });
    return found;
}

} // namespace

std::uint64_t segment_bytes_of(stream s, budget_limits const& limits, std::uint64_t largest) noexcept
{
    auto const b = budget_of(s);
    auto const share = limits[static_cast<std::size_t>(b)].bytes / static_cast<std::uint64_t>(streams_in(b));
    return std::min(largest, std::max(share / segments_min, segment_bytes_min));
}

std::optional<stream> next_to_drop(segment_directory const& segments, retention_state const& now)
{
    for (std::size_t i = 0; i < budget_count; ++i) {
        auto const b = static_cast<budget>(i);
        if (auto const s = expired_in(segments, b, now))
            return s;
        if (claimed(segments, b, now) > now.limits[i].bytes)
            if (auto const s = oldest_in(segments, b))
                return s;
    }
    if (now.disk_short)
        for (auto const b : {budget::readings, budget::minutes, budget::quarters})
            if (auto const s = oldest_in(segments, b))
                return s;
    return std::nullopt;
}

} // namespace kilnwatt::journal
