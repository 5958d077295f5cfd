#pragma once

#include "agent/publish/cell_json.hpp"
#include "agent/publish/device_catalogue.hpp"
#include "core/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::publish {

/// "v" of every payload: rises when a key changes its meaning. New keys do not change it.
inline constexpr int payload_version = 1;

/// JSON of a record, by its stream: readings, windows, KPI sets, events. docs/mqtt.md shows each. Pure.
/// `historical`: it comes from the backlog and must not move a live value.
std::string record_payload(record const& r, std::string_view epoch, bool historical);

struct cell_at {
    row const* from;
    std::size_t column;
};

/// Points flat under their names, then "quality" with every one that is not plainly good.
void write_points(json_writer& out, std::vector<cell_at> const& cells);

} // namespace kilnwatt::publish
