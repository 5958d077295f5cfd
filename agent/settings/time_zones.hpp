#pragma once

#include <string>

namespace kilnwatt::settings {

/// Whether the system's time zone database has this name ("Asia/Shanghai", "UTC").
bool is_time_zone(std::string const& name);

/// The name of the database nearest to a misspelt one, "" when none is near.
std::string similar_time_zone(std::string const& name);

} // namespace kilnwatt::settings
