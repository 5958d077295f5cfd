#include "protocols/sparkplug/command.hpp"

#include "protocols/sparkplug/payload.hpp"

#include <algorithm>

namespace kilnwatt::sparkplug {
namespace {

constexpr std::size_t shown_max = 8;
constexpr std::size_t name_max = 64;

/// Nothing from outside reaches a log line as it is.
std::string printable(metric const& m)
{
    auto name = m.name.empty() ? "alias " + (m.alias ? std::to_string(*m.alias) : std::string{"none"}) : m.name;
    if (name.size() > name_max)
        name.resize(name_max);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return name;
}

} // namespace

command read_command(std::string_view bytes, bool to_node)
{
    command c;
    auto const p = decode(bytes);
    if (!p) {
        c.malformed = true;
        return c;
    }
    for (auto const& m : p->metrics) {
        if (to_node && m.name == rebirth_name) {
            auto const* wanted = std::get_if<bool>(&m.value);
            c.rebirth = c.rebirth || (wanted && *wanted);
            continue;
        }
        ++c.refused_count;
        if (c.refused.size() < shown_max)
            c.refused.push_back(printable(m));
    }
    return c;
}

} // namespace kilnwatt::sparkplug
