#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace kilnwatt::cli {

/// "2026-03-15", "2026-03-15T08:00", with seconds or a Z if one likes (always UTC), or a span back from `now`: "90s",
/// "2h", "7d". Throws CLI::ValidationError.
utc_time parse_time(std::string const& text, utc_time now);

/// What --since and --until say; nothing without both.
struct time_arguments {
    std::optional<utc_time> since, until;
    std::optional<time_range> range() const; ///< [since, until)
};

/// Declares --since and --until.
void add_time_arguments(CLI::App& command, time_arguments& times);

/// 2026-03-15T08:00:00.123Z
std::string to_text(utc_time t);

} // namespace kilnwatt::cli
