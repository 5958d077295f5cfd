#include "agent/publish/message.hpp"

namespace kilnwatt::publish {

std::string topic_level(std::string_view name)
{
    std::string level{name};
    for (auto& c : level) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '/' || c == '+' || c == '#' || byte < 0x20 || byte == 0x7F)
            c = '_';
    }
    return level.empty() ? "_" : level;
}

} // namespace kilnwatt::publish
