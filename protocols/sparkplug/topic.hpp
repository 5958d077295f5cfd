#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kilnwatt::sparkplug {

/// Who an edge node is: the pair exists once in the whole infrastructure.
struct identity {
    std::string group;
    std::string node;
};

/// True for a group, edge node, device or host id: 1 to 128 bytes without + / # and control characters.
bool is_valid_id(std::string_view id) noexcept;

/// "spBv1.0/<group>/<verb>/<node>", and "/<device>" where there is one.
std::string topic(identity const& who, std::string_view verb, std::string_view device = {});

std::string state_topic(std::string_view host); ///< "spBv1.0/STATE/<host>"

/// `text` as a metric name: what host tools choke on (. , \ @ # $ and the like) becomes /  or _; folders are /.
std::string metric_name(std::string_view text);

} // namespace kilnwatt::sparkplug
