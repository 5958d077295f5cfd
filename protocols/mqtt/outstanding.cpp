#include "protocols/mqtt/outstanding.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::mqtt {

std::uint64_t outstanding::add(kind what, done completed, clock::time_point now)
{
    requests_.push_back({++last_number_, what, now + ack_timeout_, std::move(completed)});
    return last_number_;
}

std::optional<outstanding::request> outstanding::finish(std::uint64_t number)
{
    auto const found = std::find_if(requests_.begin(), requests_.end(),
                                    [number](request const& r) { return r.number == number; });
    if (found == requests_.end())
        return std::nullopt;
    auto taken = std::move(*found);
    requests_.erase(found);
    return taken;
}

std::vector<outstanding::request> outstanding::take_all()
{
    return std::exchange(requests_, {});
}

std::size_t outstanding::count(kind what) const
{
    return static_cast<std::size_t>(
        std::count_if(requests_.begin(), requests_.end(), [what](request const& r) { return r.what == what; }));
}

std::optional<outstanding::clock::time_point> outstanding::deadline() const
{
    if (requests_.empty())
        return std::nullopt;
    return requests_.front().deadline;
}

} // namespace kilnwatt::mqtt
