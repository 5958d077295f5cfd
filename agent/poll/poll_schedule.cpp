#include "agent/poll/poll_schedule.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kilnwatt::poll {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds quarter = 15min;
constexpr milliseconds before_quarter = 3s;

milliseconds floor_to(milliseconds t, milliseconds grid)
{
    auto const rest = t % grid;
    return rest < 0ms ? t - rest - grid : t - rest;
}

/// First phase + k * period after t.
milliseconds slot_after(milliseconds t, milliseconds period, milliseconds phase)
{
    return floor_to(t - phase, period) + period + phase;
}

} // namespace

void poll_schedule::started(stamp now)
{
    auto const late = now.mono - due_;
    if (late >= options_.period)
        missed_ += static_cast<std::uint64_t>(late / options_.period);

    // Wall and monotonic time are whole milliseconds, cut apart: one that is due can seem a millisecond early, and its
    // slot must not come a second time.
    auto const wall = now.utc.time_since_epoch() + 1ms;
    auto next = slot_after(wall, options_.period, options_.phase);
    if (options_.before_quarters && options_.period > 5s) {
        auto const spread = options_.phase % 2s; // 5 s to 3 s before the edge
        next = std::min(next, slot_after(wall, quarter, quarter - before_quarter - spread));
    }
    due_ = now.mono + (next - now.utc.time_since_epoch());
}

milliseconds spread_phase(std::size_t n, milliseconds period, milliseconds grid)
{
    constexpr double golden_ratio = 0.6180339887498949;
    auto const slots = std::max<milliseconds::rep>(1, period / grid);
    auto const share = std::fmod(static_cast<double>(n) * golden_ratio, 1.0);
    return grid * static_cast<milliseconds::rep>(share * static_cast<double>(slots));
}

} // namespace kilnwatt::poll
