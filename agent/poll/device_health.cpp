#include "agent/poll/device_health.hpp"

#include <algorithm>

namespace kilnwatt::poll {

std::string_view to_string(health h) noexcept
{
    switch (h) {
    case health::unknown:
        return "unknown";
    case health::online:
        return "online";
    case health::suspect:
        return "suspect";
    case health::offline:
        return "offline";
    case health::asleep:
        return "asleep";
    }
    return "unknown";
}

bool device_health::on_answer()
{
    failures_ = 0;
    late_probes_ = 0;
    auto const before = state_;
    state_ = health::online;
    return before != state_;
}

bool device_health::on_silence(mono_time now, milliseconds took, double chance)
{
    auto const before = state_;
    ++failures_;
    if (!is_down()) {
        if (failures_ >= options_.failures_to_offline) {
            state_ = options_.may_sleep ? health::asleep : health::offline;
            down_since_ = now;
        } else if (state_ == health::online) {
            state_ = health::suspect;
        }
    }
    if (is_down())
        schedule_probe(now, took, chance);
    return before != state_;
}

void device_health::schedule_probe(mono_time now, milliseconds took, double chance)
{
    auto wait = std::min(std::max(options_.period, options_.probe_min), options_.probe_early);
    if (now - down_since_ >= options_.early) {
        constexpr int doublings_max = 10;
        late_probes_ = std::min(late_probes_ + 1, doublings_max);
        wait = std::min(options_.probe_early * (1 << late_probes_), options_.probe_max);
        // Up to a fifth earlier, never later: the bound holds, and devices that fell together do not probe together.
        wait -= milliseconds{static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * 0.2 * chance)};
    }
    probe_due_ = now + std::max(wait - took, options_.probe_rest);
}

} // namespace kilnwatt::poll
