#include "agent/control/device_log.hpp"

#include <fmt/format.h>

#include <utility>

namespace kilnwatt::control {

std::optional<device_log::line> device_log::changed(std::string const& device, poll::health state,
                                                    std::string const& why, mono_time now)
{
    auto& e = devices_[device];
    if (now - e.since >= again)
        e.changes = 0;
    e.state = state;
    e.why = why.empty() ? "" : ": " + why;
    e.since = now;
    if (++e.changes > changes_told) {
        ++e.untold;
        return std::nullopt;
    }
    e.told = now;
    auto const* more = e.changes == changes_told ? "; it changes often, which is told once an hour from now on" : "";
    return line{state, fmt::format("device {} is {}{}{}", device, to_string(state), e.why, more)};
}

std::vector<device_log::line> device_log::due(mono_time now)
{
    std::vector<line> lines;
    for (auto& [device, e] : devices_) {
        if (now - e.told < again || (e.untold == 0 && e.state != poll::health::offline))
            continue;
        e.told = now;
        if (auto const changes = std::exchange(e.untold, 0); changes > 0)
            lines.push_back({e.state, fmt::format("device {} is {} after {} more changes of its state{}", device,
                                                  to_string(e.state), changes, e.why)});
        else
            lines.push_back({e.state, fmt::format("device {} has been {} for {} h{}", device, to_string(e.state),
                                                  (now - e.since) / again, e.why)});
    }
    return lines;
}

} // namespace kilnwatt::control
