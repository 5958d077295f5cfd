#include "agent/publish/record_messages.hpp"

#include "agent/publish/record_payload.hpp"
#include "core/aggregate_columns.hpp"

#include <algorithm>

namespace kilnwatt::publish {
namespace {

/// KPI sets and events are the plant's: no device level.
bool has_device_level(stream s)
{
    return !is_kpi(s) && s != stream::event;
}

} // namespace

message record_messages::of(lane_item const& item)
{
    auto const& r = item.what();
    message m;
    m.topic = root_ + '/';
    if (has_device_level(r.kind()))
        m.topic += topic_level(r.device()) + '/';
    m.topic += to_string(r.kind());
    m.payload = record_payload(r, epoch_, item.historical);
    m.retain = newest_kpi(r);
    return m;
}

bool record_messages::newest_kpi(record const& r)
{
    if (!is_kpi(r.kind()))
        return false;
    auto const& columns = r.data.layout->columns;
    auto const at =
        std::find_if(columns.begin(), columns.end(), [](column const& c) { return c.name == aggregate::start; });
    if (at == columns.end())
        return false;
    auto const v = scaled(r.data, static_cast<std::size_t>(at - columns.begin()));
    auto const* start = std::get_if<std::int64_t>(&v);
    auto& newest = newest_start_[static_cast<std::size_t>(r.kind())];
    if (!start || *start < newest)
        return false;
    newest = *start;
    return true;
}

} // namespace kilnwatt::publish
