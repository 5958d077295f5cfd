#include "agent/publish/sparkplug_outbox.hpp"
#include "protocols/sparkplug/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

// What the broker hands to a Sparkplug node. Every topic is compared whole; what is retained is old and is ignored, but
// for the state of the host.
namespace kilnwatt::publish {
namespace {

/// The last level of a DCMD may be anything that somebody else writes.
std::string shown_topic(std::string const& topic)
{
    constexpr std::size_t level_max = 64;
    auto const level = topic.rfind('/') + 1;
    return topic.substr(0, level) + topic_level(std::string_view{topic}.substr(level, level_max));
}

} // namespace

reaction sparkplug_outbox::received(message const& m, moment now)
{
    if (host_.configured() && m.topic == host_.topic())
        return host_said(m, now);
    if (m.retain)
        return {};
    if (m.topic == sparkplug::topic(who_, "NCMD"))
        return commanded(m, true);
    if (m.topic.starts_with(sparkplug::topic(who_, "DCMD") + '/'))
        return commanded(m, false);
    if (m.topic != sparkplug::topic(who_, "NDEATH") || !node_.born())
        return {};
    // An old will with the number of this session: hosts now think that we are dead.
    auto const death = sparkplug::decode(m.payload);
    if (death && death->metrics.size() == 1 &&
        death->metrics.front().value == sparkplug::metric_value{std::int64_t{node_.last_bd_seq().value_or(-1)}})
        node_.request_births();
    return {};
}

reaction sparkplug_outbox::commanded(message const& m, bool to_node)
{
    auto const c = sparkplug::read_command(m.payload, to_node);
    if (c.rebirth)
        node_.request_births(); // never dropped: however many ask, one sequence answers
    auto const count = c.malformed ? 1 : c.refused_count;
    if (count == 0)
        return {};
    refused_ += static_cast<std::int64_t>(count);
    auto const what = c.malformed ? std::string{"which is no Sparkplug payload"}
                                  : fmt::format("to write {}", fmt::join(c.refused, ", "));
    return {fmt::format("refused a command on {}, {}: a broker may ask for a rebirth and for nothing else",
                        shown_topic(m.topic), what),
            count, false};
}

reaction sparkplug_outbox::host_said(message const& m, moment now)
{
    bool const was_online = host_.online();
    auto const verdict = host_.on_state(m.payload, now.utc);
    return {"", 0, was_online && verdict == sparkplug::primary_host::verdict::offline};
}

} // namespace kilnwatt::publish
