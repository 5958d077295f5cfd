#include "agent/journal/segment_directory.hpp"

#include "agent/journal/budget.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::journal {

void segment_info::note(utc_time utc, bool trusted)
{
    constexpr std::numeric_limits<std::int64_t> limit;
    auto const ms = std::int64_t{utc.time_since_epoch().count()};
    utc_min = trusted ? std::min(utc_min, ms) : limit.min();
    utc_max = trusted ? std::max(utc_max, ms) : limit.max();
}

std::string segment_table(std::int64_t id)
{
    return fmt::format("segment_{}", id);
}

void segment_directory::load(database& db)
{
    for (auto& l : lists_)
        l.clear();
    auto rows = db.prepare(
        "SELECT stream, id, first, last, bytes, utc_min, utc_max, opened FROM segment ORDER BY first");
    while (rows.step()) {
        auto const s = rows.integer(0);
        if (s < 0 || s >= stream_count)
            continue;
        lists_[static_cast<std::size_t>(s)].push_back(
            {rows.integer(1),
             {static_cast<position>(rows.integer(2)), static_cast<position>(rows.integer(3))},
             static_cast<std::uint64_t>(rows.integer(4)),
             rows.integer(5),
             rows.integer(6),
             rows.integer(7)});
    }
    for (auto& l : lists_) {
        if (l.empty())
            continue;
        auto& newest = l.back();
        auto since = db.prepare(fmt::format(
            "SELECT first + count, length(body) FROM {} WHERE first >= ? ORDER BY first", segment_table(newest.id)));
        page_meter meter;
        since.bind(newest.range.last);
        while (since.step()) {
            newest.range.last = static_cast<position>(since.integer(0));
            newest.bytes += meter.add(static_cast<std::size_t>(since.integer(1)));
        }
    }
}

segment_info const* segment_directory::find(stream s, position p) const
{
    auto const& l = of(s);
    auto const found =
        std::lower_bound(l.begin(), l.end(), p, [](segment_info const& g, position q) { return g.range.last <= q; });
    return found == l.end() ? nullptr : &*found;
}

position segment_directory::head() const
{
    position head = 1;
    for (auto const& l : lists_)
        if (!l.empty())
            head = std::max(head, l.back().range.last);
    return head;
}

position segment_directory::oldest() const
{
    auto oldest = head();
    for (auto const& l : lists_)
        if (!l.empty())
            oldest = std::min(oldest, l.front().range.first);
    return oldest;
}

std::int64_t segment_directory::id_max() const
{
    std::int64_t id = 0;
    for (auto const& l : lists_)
        for (auto const& s : l)
            id = std::max(id, s.id);
    return id;
}

std::uint64_t segment_directory::bytes(stream s) const
{
    std::uint64_t sum = 0;
    for (auto const& g : of(s))
        sum += g.bytes;
    return sum;
}

} // namespace kilnwatt::journal
