#pragma once

#include "agent/publish/lanes.hpp"
#include "core/record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::publish::test {

inline stamp at_ms(std::int64_t utc)
{
    return {mono_time{milliseconds{utc}}, utc_time{milliseconds{utc}}};
}

/// A layout of one point "active_power" [W] for a device and stream.
inline layout_ptr power_layout(std::string device, stream s = stream::readings)
{
    layout l;
    l.device = std::move(device);
    l.kind = s;
    l.source = "test_meter";
    column c;
    c.name = "active_power";
    c.unit = "W";
    l.columns.push_back(c);
    return std::make_shared<layout const>(std::move(l));
}

inline record power_record(layout_ptr const& l, position pos, std::uint64_t seq, std::int64_t watts)
{
    row r;
    r.layout = l;
    r.time = at_ms(1'782'000'000'000 + static_cast<std::int64_t>(seq) * 1000);
    r.cells.push_back(cell_of(watts));
    return {pos, seq, 1, std::move(r)};
}

inline batch_ptr batch_of(std::vector<record> records)
{
    return std::make_shared<batch const>(std::move(records));
}

} // namespace kilnwatt::publish::test
