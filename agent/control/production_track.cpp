#include "agent/control/production_track.hpp"

#include "agent/control/production_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace kilnwatt::control {
namespace {

using namespace std::chrono_literals;

constexpr mono_time::duration closest = 1s;   ///< two readings of a device
constexpr mono_time::duration repeated = 60s; ///< a sum of increments, while nothing comes

} // namespace

production_track::production_track(settings::production_settings what, std::string const& memory)
    : what_{std::move(what)}
{
    auto sum = 0.0;
    auto const [end, ec] = std::from_chars(memory.data(), memory.data() + memory.size(), sum);
    if (ec == std::errc{} && end == memory.data() + memory.size() && sum >= 0 && sum <= production_max)
        sum_ = sum;
}

void production_track::connected(mono_time now)
{
    online_ = true;
    message_ = now;
}

void production_track::lost()
{
    online_ = false;
    waiting_.reset();
}

production_track::decision production_track::received(std::string_view payload, bool retained, mono_time now)
{
    decision d;
    if (what_.increments && retained)
        return d;
    auto const number = production_total(payload, what_.value, d.refused);
    if (number && what_.increments && sum_ + *number > production_max)
        d.refused = fmt::format("an increment of {:g}, which takes the sum above {:g} (a device of another name begins "
                                "at 0)",
                                *number, production_max);
    if (!d.refused.empty()) {
        if (std::exchange(refusing_, true))
            d.refused.clear();
        return d;
    }
    refusing_ = false;
    message_ = now;
    if (what_.increments)
        sum_ += *number;
    waiting_.reset();
    if (auto const total = what_.increments ? sum_ : *number; !last_ || now >= *last_ + closest)
        d = store(total, now);
    else
        waiting_ = total;
    if (std::exchange(silent_, false))
        d.silent = false;
    return d;
}

production_track::decision production_track::at(mono_time now)
{
    decision d;
    if (waiting_ && now >= *last_ + closest)
        return store(*std::exchange(waiting_, std::nullopt), now);
    if (!online_ || silent_)
        return d;
    if (what_.stale_after > 0ms && now >= message_ + what_.stale_after) {
        silent_ = true;
        d.silent = true;
    } else if (what_.increments && (!last_ || now >= *last_ + repeated)) {
        d = store(sum_, now);
    }
    return d;
}

production_track::decision production_track::store(double total, mono_time now)
{
    last_ = now;
    return {total * what_.factor, {}, {}};
}

std::optional<mono_time> production_track::due() const
{
    std::optional<mono_time> next;
    auto const at = [&](mono_time t) { next = std::min(next.value_or(t), t); };
    if (waiting_)
        at(*last_ + closest);
    if (!online_ || silent_)
        return next;
    if (what_.stale_after > 0ms)
        at(message_ + what_.stale_after);
    if (what_.increments)
        at(last_ ? *last_ + repeated : message_);
    return next;
}

std::string production_track::memory() const
{
    return what_.increments ? fmt::format("{}", sum_) : std::string{};
}

} // namespace kilnwatt::control
