#include "agent/publish/sparkplug_outbox.hpp"
#include "protocols/sparkplug/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

// What the broker hands to a Sparkplug node. Every topic is compared whole; what is retained is old and is ignored, but
// for the state of the host.
namespace kilnwatt::publish {

reaction sparkplug_outbox::received(message const& m, moment now)
{
    if (host_.configured() && m.topic == host_.topic())
        return host_said(m, now);
    if (m.retain)
        return {};
    if (m.topic == sparkplug::topic(who_, "NCMD"))
        return commanded(m, true, now);
    if (m.topic.starts_with(sparkplug::topic(who_, "DCMD") + '/'))
        return commanded(m, false, now);
    if (m.topic != sparkplug::topic(who_, "NDEATH") || !node_.born())
        return {};
    // An old will with the number of this session: hosts now think that we are dead.
    auto const death = sparkplug::decode(m.payload);
    if (death && death->metrics.size() == 1 &&
        death->metrics.front().value == sparkplug::metric_value{std::int64_t{node_.last_bd_seq().value_or(-1)}})
        node_.request_births();
    return {};
}

reaction sparkplug_outbox::commanded(message const& m, bool to_node, moment now)
{
    auto const c = sparkplug::read_command(m.payload, to_node);
    if (c.rebirth)
        node_.request_births(); // never dropped: however many ask, one sequence answers
    if (c.malformed || c.refused_count == 0 || !commands_.take(now.steady)) {
        refused_ += static_cast<std::int64_t>(c.malformed ? 1 : c.refused_count);
        return {c.malformed ? "a command that is no Sparkplug payload was refused" : "", false};
    }
    refused_ += static_cast<std::int64_t>(c.refused_count);
    auto const target =
        to_node ? std::string{"this node"} : "device " + topic_level(m.topic.substr(m.topic.rfind('/') + 1));
    return {fmt::format("refused a command to write {} of {}: the site file opens no point for writing",
                        fmt::join(c.refused, ", "), target),
            false};
}

reaction sparkplug_outbox::host_said(message const& m, moment now)
{
    bool const was_online = host_.online();
    auto const verdict = host_.on_state(m.payload, now.utc);
    return {"", was_online && verdict == sparkplug::primary_host::verdict::offline};
}

} // namespace kilnwatt::publish
