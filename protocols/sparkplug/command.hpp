#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::sparkplug {

inline constexpr std::string_view rebirth_name = "Node Control/Rebirth";

/// What an NCMD or DCMD asks for. This node measures: a rebirth is the one thing it does.
struct command {
    bool rebirth = false;
    std::vector<std::string> refused; ///< names (or "alias N") of the metrics it wants written, printable, at most 8
    std::size_t refused_count = 0;
    bool malformed = false;
};

/// Reads the payload of a command. A rebirth counts only with the Boolean value true and only in an NCMD
/// (`to_node`); with false, null or another type it is nothing at all.
command read_command(std::string_view payload, bool to_node);

} // namespace kilnwatt::sparkplug
