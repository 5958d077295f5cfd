#include "agent/meter/tuning.hpp"

#include "agent/meter/range_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kilnwatt::meter {
namespace {

constexpr std::array ladder{milliseconds{0},    milliseconds{5},   milliseconds{10},  milliseconds{20},
                            milliseconds{50},   milliseconds{100}, milliseconds{200}, milliseconds{500},
                            milliseconds{1000}, milliseconds{2000}};
constexpr std::uint16_t first_block = 16; ///< of the search for holes: what nearly every device gives
constexpr int failures_max = 5;           ///< in a row, without any pause helping
constexpr milliseconds timeout_min{100};

milliseconds rounded_up(milliseconds t)
{
    constexpr milliseconds step{50};
    return (t + step - milliseconds{1}) / step * step;
}

} // namespace

tuner::tuner(drivers::read_range area) : area_{area}, has_(area.count)
{
    for (unsigned at = 0; at < area.count; at += first_block)
        open_.push_back({area.from, static_cast<std::uint16_t>(area.address + at),
                         static_cast<std::uint16_t>(std::min<unsigned>(first_block, area.count - at))});
    std::reverse(open_.begin(), open_.end());
}

std::optional<trial> tuner::next() const
{
    switch (step_) {
    case step::holes:
        return trial{.range = open_.back()};
    case step::block: {
        auto range = run_;
        range.count = static_cast<std::uint16_t>((least_ + most_ + 1) / 2);
        return trial{.range = range};
    }
    case step::gap:
    case step::delay: {
        auto range = run_;
        range.count = 1;
        return trial{step_ == step::delay, ladder[pause_], range};
    }
    case step::over:
        break;
    }
    return std::nullopt;
}

void tuner::take(trial_result const& r)
{
    if (++trials_ > trials_max)
        return give_up("the area is too full of holes");
    if (r.what != trial_result::kind::failed)
        found_.slowest = std::max(found_.slowest, r.took);
    if (step_ == step::holes)
        take_hole(r);
    else if (step_ == step::block)
        take_block(r);
    else if (step_ != step::over)
        take_pause(r);
    found_.response_timeout = std::max(timeout_min, rounded_up(found_.slowest * 3));
}

void tuner::take_hole(trial_result const& r)
{
    auto const range = open_.back();
    if (r.what == trial_result::kind::failed) {
        if (++failures_ == failures_max)
            give_up("the device does not answer reliably, even when it is asked slowly");
        return;
    }
    failures_ = 0;
    open_.pop_back();
    if (r.what == trial_result::kind::words) {
        std::fill_n(has_.begin() + (range.address - area_.address), range.count, true);
    } else if (range.count > 1) { // halve it, the lower half first
        auto const half = static_cast<std::uint16_t>(range.count / 2);
        open_.push_back({range.from, static_cast<std::uint16_t>(range.address + half),
                         static_cast<std::uint16_t>(range.count - half)});
        open_.push_back({range.from, range.address, half});
    } else if (!found_.holes.empty() && found_.holes.back().address + found_.holes.back().count == range.address) {
        ++found_.holes.back().count;
    } else {
        found_.holes.push_back(range);
    }
    if (open_.empty())
        begin_block();
}

void tuner::begin_block()
{
    run_ = {area_.from, area_.address, 0};
    for (std::size_t i = 0; i < has_.size();) {
        auto const end = std::find(has_.begin() + static_cast<std::ptrdiff_t>(i), has_.end(), false) - has_.begin();
        auto const n = static_cast<std::size_t>(end) - i;
        if (n > run_.count)
            run_ = {area_.from, static_cast<std::uint16_t>(area_.address + i), static_cast<std::uint16_t>(n)};
        i += n + 1;
    }
    if (run_.count == 0)
        return give_up("the device has no register of this area; choose another one with --area");
    step_ = step::block;
    least_ = 1;
    most_ = std::min<std::uint16_t>(run_.count, modbus::registers_max);
    found_.registers_per_request = least_;
    if (least_ == most_)
        begin_pauses(step::gap);
}

void tuner::take_block(trial_result const& r)
{
    auto const asked = static_cast<std::uint16_t>((least_ + most_ + 1) / 2);
    if (r.what == trial_result::kind::words)
        least_ = asked;
    else
        most_ = static_cast<std::uint16_t>(asked - 1);
    found_.registers_per_request = least_;
    if (least_ >= most_)
        begin_pauses(step::gap);
}

void tuner::begin_pauses(step s)
{
    step_ = s;
    pause_ = 0;
    succeeded_ = 0;
}

void tuner::take_pause(trial_result const& r)
{
    if (r.what != trial_result::kind::failed) {
        if (++succeeded_ == repeats)
            settle_pause();
        return;
    }
    succeeded_ = 0;
    if (++pause_ == ladder.size())
        give_up("requests fail whatever the pause between them is");
}

void tuner::settle_pause()
{
    if (step_ == step::gap) {
        found_.request_gap = ladder[pause_];
        return begin_pauses(step::delay);
    }
    found_.connect_delay = ladder[pause_];
    step_ = step::over;
}

void tuner::give_up(std::string why)
{
    found_.failure = std::move(why);
    step_ = step::over;
}

double tuner::progress() const
{
    auto const part = static_cast<double>(succeeded_) / repeats;
    switch (step_) {
    case step::holes: {
        unsigned left = 0;
        for (auto const& r : open_)
            left += r.count;
        return 0.6 * (1.0 - static_cast<double>(left) / std::max<unsigned>(area_.count, 1));
    }
    case step::block:
        return 0.65;
    case step::gap:
        return 0.7 + 0.15 * part;
    case step::delay:
        return 0.85 + 0.15 * part;
    case step::over:
        break;
    }
    return 1.0;
}

std::string profile_patch(tuned const& t)
{
    auto text = fmt::format("# measured: the slowest answer took {} ms\n", t.slowest.count());
    std::string link;
    if (t.connect_delay.count() > 0)
        link += fmt::format("connect_delay = \"{} ms\", ", t.connect_delay.count());
    if (t.request_gap.count() > 0)
        link += fmt::format("request_gap = \"{} ms\", ", t.request_gap.count());
    text += fmt::format("link    = {{{}response_timeout = \"{} ms\"}}\n", link, t.response_timeout.count());
    text += fmt::format("limits  = {{registers_per_request = {}}}\n", t.registers_per_request);
    for (auto const& h : t.holes)
        text += fmt::format("# not there: {} {} to {}\n", name_of(h.from), h.address, h.address + h.count - 1);
    return text;
}

} // namespace kilnwatt::meter
