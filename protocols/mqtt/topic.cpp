#include "protocols/mqtt/topic.hpp"

#include <cstddef>

namespace kilnwatt::mqtt {

namespace {

/// The length of an MQTT string is two bytes.
constexpr std::size_t string_max = 65'535;

} // namespace

bool is_topic_name(std::string_view topic) noexcept
{
    return is_topic_filter(topic) && topic.find_first_of("+#") == std::string_view::npos;
}

bool is_topic_filter(std::string_view filter) noexcept
{
    return !filter.empty() && filter.size() <= string_max && filter.find('\0') == std::string_view::npos;
}

} // namespace kilnwatt::mqtt
