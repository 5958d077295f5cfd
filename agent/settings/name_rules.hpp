#pragma once

#include "config/table.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kilnwatt::settings {

inline constexpr std::size_t name_max = 64;
inline constexpr std::size_t topic_root_max = 200;

/// Name of a link, device or sink: [a-z][a-z0-9-]*, at most 64 characters. The sentence that says what is wrong, or "".
std::string name_fault(std::string_view name);
/// The same name where nothing stands in its way; "Ball Mill_2" gives "ball-mill-2", "" when no letter is left.
std::string name_like(std::string_view text);

/// Complains of a device's name that is a level of the gateway's own topics, where they would meet.
void refuse_reserved(config::table& t, std::string_view name);

/// One level of a topic: [a-z0-9_-]+, at most 64 characters.
std::string level_fault(std::string_view level);
/// Levels with '/' between them, without wildcards and empty levels.
std::string topic_root_fault(std::string_view root);

/// The names of one kind (devices, links, sinks): each is read, checked and remembered with its place. Two names that
/// differ only in '-' and '_' clash, because '-' becomes '_' in formulas and metrics.
class name_register {
public:
    explicit name_register(std::string_view kind) : kind_{kind} {}

    /// Reads the required key `name`; what is wrong is noted. The text as written, "" when there is none.
    std::string take(config::table& t);

private:
    std::string_view kind_;
    std::map<std::string, config::place> taken_;
};

} // namespace kilnwatt::settings
