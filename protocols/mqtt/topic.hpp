#pragma once

#include <string_view>

namespace kilnwatt::mqtt {

/// True for a topic a client may publish to: 1 to 65,535 bytes, no NUL and no wildcard. A broker ends the connection of
/// a client that sends any other.
bool is_topic_name(std::string_view topic) noexcept;

/// True for 1 to 65,535 bytes without NUL; the broker judges where wildcards stand.
bool is_topic_filter(std::string_view filter) noexcept;

} // namespace kilnwatt::mqtt
