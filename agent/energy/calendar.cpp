#include "agent/energy/calendar.hpp"

#include <algorithm>
#include <chrono>

namespace kilnwatt::energy {
namespace {

namespace chrono = std::chrono;

constexpr instant day_length = 24 * hour;
constexpr instant day_offset_max = 26 * hour; ///< no two clocks on earth differ by more

chrono::sys_days date_of(instant local)
{
    return chrono::floor<chrono::days>(chrono::sys_time<chrono::milliseconds>{chrono::milliseconds{local}});
}

instant midnight(chrono::sys_days d)
{
    return chrono::duration_cast<chrono::milliseconds>(d.time_since_epoch()).count();
}

/// First and next first local midnight of the day, month or year that holds the local time.
time_span local_dates(period p, instant local)
{
    auto const day = date_of(local);
    chrono::year_month_day const date{day};
    if (p == period::month) {
        chrono::year_month const month{date.year(), date.month()};
        return {midnight(month / 1), midnight((month + chrono::months{1}) / 1)};
    }
    if (p == period::year)
        return {midnight(date.year() / 1 / 1), midnight((date.year() + chrono::years{1}) / 1 / 1)};
    return {midnight(day), midnight(day + chrono::days{1})};
}

instant floor_local(instant t, instant step)
{
    auto const rest = t % step;
    return rest < 0 ? t - rest - step : t - rest;
}

} // namespace

calendar::calendar(std::vector<offset_change> changes, instant production_start)
    : changes_{std::move(changes)}, production_start_{production_start}
{
    if (changes_.empty())
        changes_.push_back({});
}

calendar::offset_change const& calendar::offset_at(instant t) const
{
    auto const after = std::upper_bound(changes_.begin(), changes_.end(), t,
                                        [](instant x, offset_change const& c) { return x < c.from; });
    return after == changes_.begin() ? changes_.front() : *(after - 1);
}

int calendar::year_of(instant t) const
{
    return static_cast<int>(chrono::year_month_day{date_of(local(t))}.year());
}

instant calendar::utc(instant local) const
{
    for (auto c = &offset_at(local - day_offset_max);; ++c) {
        auto const end = c == &changes_.back() ? instant_max : (c + 1)->from;
        auto const t = local - c->offset;
        if (t < end)
            return c == &changes_.front() ? t : std::max(t, c->from);
    }
}

time_span calendar::hour_window(instant t) const
{
    auto const* c = &offset_at(t);
    auto const start = floor_local(t + c->offset, hour) - c->offset;
    auto const first = c == &changes_.front() ? start : std::max(start, c->from);
    return {first, c == &changes_.back() ? start + hour : std::min(start + hour, (c + 1)->from)};
}

time_span calendar::month_from(int day, instant t) const
{
    auto const start_of = [&](instant local) {
        chrono::year_month_day const date{date_of(local)};
        chrono::year_month const month{date.year(), date.month()};
        return (date.day() < chrono::day(static_cast<unsigned>(day)) ? month - chrono::months{1} : month);
    };
    auto const edge = [&](chrono::year_month m) { return utc(midnight(m / chrono::day(static_cast<unsigned>(day)))); };
    auto month = start_of(local(t));
    for (auto const step : {chrono::months{0}, chrono::months{-1}, chrono::months{1}}) {
        time_span const s{edge(month + step), edge(month + step + chrono::months{1})};
        if (s.holds(t))
            return s;
    }
    return {edge(month), edge(month + chrono::months{1})};
}

time_span calendar::window(period p, instant t) const
{
    if (p == period::clock_hour)
        return hour_window(t);
    auto const shift = p == period::production_day ? production_start_ : 0;
    for (auto step : {instant{0}, -day_length, day_length}) { // a repeated midnight may put t on the other side
        auto const dates = local_dates(p, local(t) - shift + step);
        time_span const s{utc(dates.start + shift), utc(dates.end + shift)};
        if (s.holds(t))
            return s;
    }
    auto const dates = local_dates(p, local(t) - shift);
    return {utc(dates.start + shift), utc(dates.end + shift)};
}

} // namespace kilnwatt::energy
