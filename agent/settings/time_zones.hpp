#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kilnwatt::settings {

/// Whether the system's time zone database has this name ("Asia/Shanghai", "UTC").
bool is_time_zone(std::string const& name);

/// The name of the database nearest to a misspelt one, "" when none is near.
std::string similar_time_zone(std::string const& name);

/// From `from` on (ms since 1970 UTC) local time is UTC plus `offset` ms.
struct zone_offset {
    std::int64_t from = 0;
    std::int64_t offset = 0;
};

/// The offsets of a zone from 1970 to 2100, in order of time; UTC for a name that the database does not have.
std::vector<zone_offset> zone_offsets(std::string const& name);

} // namespace kilnwatt::settings
