#include "agent/publish/outlived.hpp"

#include <algorithm>

namespace kilnwatt::publish {

void outlived::add(lane_item const& item, time_point now)
{
    if (slots_.empty() || now >= slots_.back().first + slot_length) {
        slots_.emplace_back();
        slots_.back().first = now;
    }
    auto& s = slots_.back();
    s.last = now;
    s.covers.add(item.covers);
    ++s.records[{item.what().kind(), item.what().device()}];
}

std::optional<outlived::slot> outlived::take(time_point now)
{
    if (slots_.empty() || now < slots_.front().last + patience_)
        return std::nullopt;
    slot due = std::move(slots_.front());
    slots_.pop_front();
    return due;
}

outlived::milliseconds outlived::wait(time_point now) const
{
    if (slots_.empty())
        return {};
    return std::max(std::chrono::ceil<milliseconds>(slots_.front().last + patience_ - now), milliseconds{1});
}

} // namespace kilnwatt::publish
