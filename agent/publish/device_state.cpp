#include "agent/publish/device_state.hpp"

#include "agent/publish/record_payload.hpp"

#include <algorithm>
#include <set>

namespace kilnwatt::publish {
namespace {

bool same(layout_ptr const& a, layout const& b)
{
    return a.get() == &b || *a == b;
}

} // namespace

bool device_state::knows(layout const& l) const
{
    return std::any_of(rows_.begin(), rows_.end(), [&](slot const& s) { return same(s.last.layout, l); });
}

void device_state::fold(row const& reading, bool stored)
{
    auto const known =
        std::find_if(rows_.begin(), rows_.end(), [&](slot const& s) { return same(s.last.layout, *reading.layout); });
    if (known != rows_.end()) {
        known->last = reading;
        known->stored = stored;
        std::rotate(known, std::next(known), rows_.end());
        return;
    }
    if (rows_.size() == layouts_max)
        rows_.erase(rows_.begin());
    rows_.push_back({reading, stored});
}

std::string device_state::payload() const
{
    std::vector<cell_at> cells;
    std::set<std::string_view> seen;
    for (auto s = rows_.rbegin(); s != rows_.rend(); ++s) {
        auto const& columns = s->last.layout->columns;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (!is_exponent(*s->last.layout, i) && seen.insert(columns[i].name).second)
                cells.push_back({&s->last, i});
    }
    json_writer out;
    out.begin_object();
    out.member("v", payload_version);
    out.member("ts", rows_.back().last.time.utc);
    out.member("stored", std::all_of(rows_.begin(), rows_.end(), [](slot const& s) { return s.stored; }));
    write_points(out, cells);
    out.end_object();
    return out.take();
}

} // namespace kilnwatt::publish
