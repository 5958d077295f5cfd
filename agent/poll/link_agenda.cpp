#include "agent/poll/link_agenda.hpp"

#include <algorithm>

namespace kilnwatt::poll {

std::size_t link_agenda::add_device(device_health::options health, std::vector<poll_schedule> groups)
{
    devices_.push_back({device_health{health}, std::move(groups)});
    return devices_.size() - 1;
}

void link_agenda::set_groups(std::size_t device, std::vector<poll_schedule> groups)
{
    devices_.at(device).groups = std::move(groups);
}

bool link_agenda::failing(entry const& e) const
{
    return e.state.is_down() || e.state.state() == health::suspect;
}

bool link_agenda::somebody_healthy() const
{
    return std::any_of(devices_.begin(), devices_.end(),
                       [](entry const& e) { return e.state.state() == health::online; });
}

link_agenda::action link_agenda::next(mono_time now, milliseconds horizon)
{
    action best{task::wait, 0, 0, now + horizon};
    auto best_due = mono_time::max();
    auto const protect = somebody_healthy();
    for (std::size_t d = 0; d < devices_.size(); ++d) {
        auto const& e = devices_[d];
        auto const not_before = protect && failing(e) ? budget_.allowed_at(now) : now;
        auto const consider = [&](task what, std::size_t group, mono_time due) {
            auto const at = std::max(due, not_before);
            if (at <= now) {
                if (due < best_due) {
                    best = {what, d, group, now};
                    best_due = due;
                }
            } else if (best.what == task::wait) {
                best.at = std::min(best.at, at);
            }
        };
        if (e.state.is_down()) {
            consider(task::probe, 0, e.state.probe_due());
            continue;
        }
        for (std::size_t g = 0; g < e.groups.size(); ++g)
            consider(task::poll, g, e.groups[g].due());
    }
    return best;
}

void link_agenda::started(std::size_t device, std::size_t group, stamp now)
{
    devices_.at(device).groups.at(group).started(now);
}

bool link_agenda::answered(std::size_t device, mono_time now)
{
    auto& e = devices_.at(device);
    auto const was_down = e.state.is_down();
    auto const changed = e.state.on_answer();
    if (was_down)
        for (auto& g : e.groups)
            g.hurry(now);
    return changed;
}

bool link_agenda::silent(std::size_t device, mono_time now, milliseconds took, double chance)
{
    budget_.spent(now, took);
    return devices_.at(device).state.on_silence(now, took, chance);
}

std::uint64_t link_agenda::missed(std::size_t device) const
{
    std::uint64_t sum = 0;
    for (auto const& g : devices_.at(device).groups)
        sum += g.missed();
    return sum;
}

} // namespace kilnwatt::poll
