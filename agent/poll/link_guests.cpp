#include "agent/poll/link_guests.hpp"

#include <algorithm>

namespace kilnwatt::poll {

bool link_guests::ask(guest g)
{
    auto const waits = std::find(waiting_.begin(), waiting_.end(), g) != waiting_.end();
    if (waits || waiting_.size() >= waiting_max)
        return false;
    waiting_.push_back(g);
    return true;
}

void link_guests::leave(guest g)
{
    std::erase(waiting_, g);
    end_lease(g);
}

bool link_guests::lease(guest g, mono_time now, milliseconds lasts)
{
    if (leased_until(now) && holder_ != g)
        return false;
    holder_ = g;
    lease_end_ = now + std::min(lasts, lease_max);
    return true;
}

void link_guests::end_lease(guest g)
{
    if (holder_ == g)
        holder_.reset();
}

std::optional<mono_time> link_guests::leased_until(mono_time now) const
{
    return holder_ && now < lease_end_ ? std::optional{lease_end_} : std::nullopt;
}

link_guests::action link_guests::next(mono_time now)
{
    if (auto const until = leased_until(now)) {
        auto const holder = std::find(waiting_.begin(), waiting_.end(), *holder_);
        if (holder != waiting_.end())
            return {*holder_, {}};
        return {{}, waiting_.empty() ? std::nullopt : until};
    }
    holder_.reset();
    if (waiting_.empty())
        return {};
    auto const at = budget_.allowed_at(now);
    if (at > now)
        return {{}, at};
    return {waiting_.front(), {}};
}

void link_guests::served(guest g, mono_time now, milliseconds took)
{
    std::erase(waiting_, g);
    if (holder_ != g || !leased_until(now)) // the holder pays with its lease
        budget_.spent(now, took);
}

} // namespace kilnwatt::poll
