#include "protocols/modbus/link_pace.hpp"

#include <algorithm>

namespace kilnwatt::modbus {

link_pace::link_pace(link_timing const& timing, clock::duration frame_gap, bool late_answers_fit)
    : connect_interval_{timing.connect_interval}, connect_delay_{timing.connect_delay},
      gap_{std::max<clock::duration>(timing.request_gap, frame_gap)},
      unit_gap_{std::max<clock::duration>(timing.unit_gap, gap_)},
      late_max_{late_answers_fit ? timing.response_timeout : clock::duration::zero()}
{}

std::optional<link_pace::clock::duration> link_pace::until_connect(clock::time_point now) const
{
    if (!last_attempt_ || now >= *last_attempt_ + connect_interval_)
        return clock::duration::zero();
    if (last_attempt_failed_)
        return std::nullopt;
    return *last_attempt_ + connect_interval_ - now;
}

void link_pace::connected(clock::time_point now)
{
    last_attempt_ = now;
    last_attempt_failed_ = false;
    ready_ = now + connect_delay_;
}

void link_pace::connect_failed(clock::time_point now)
{
    last_attempt_ = now;
    last_attempt_failed_ = true;
}

link_pace::clock::time_point link_pace::send_at(answer_shape const& expected) const
{
    auto const same_answer = expected.unit == owed_.unit && expected.function == owed_.function;
    auto const another_unit = last_unit_ && expected.unit != *last_unit_;
    auto const at = another_unit ? std::max(ready_, ready_for_another_) : ready_;
    return same_answer ? std::max(at, owed_until_) : at;
}

void link_pace::ended(std::uint8_t unit, clock::time_point now)
{
    ready_ = std::max(ready_, now + gap_);
    ready_for_another_ = now + unit_gap_;
    last_unit_ = unit;
}

void link_pace::unanswered(answer_shape const& expected, clock::time_point now)
{
    ended(expected.unit, now);
    owed_ = expected;
    owed_until_ = now + late_max_;
}

} // namespace kilnwatt::modbus
