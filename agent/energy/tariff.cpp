#include "agent/energy/tariff.hpp"

#include <algorithm>
#include <chrono>

namespace kilnwatt::energy {
namespace {

template <class T>
bool any_or_among(std::vector<T> const& list, T const& value)
{
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

} // namespace

std::string_view to_string(tariff_period p)
{
    constexpr std::array<std::string_view, tariff_period_count> words{"sharp", "peak", "flat", "valley", "deep_valley"};
    return words[static_cast<std::size_t>(p)];
}

bool tariff_day::holds(std::int64_t date) const
{
    std::chrono::sys_days const day{std::chrono::days{date}};
    auto const month = static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day{day}.month()));
    auto const weekday = static_cast<int>(std::chrono::weekday{day}.iso_encoding());
    auto const in = [&](date_range const& r) { return r.first <= date && date <= r.last; };
    return any_or_among(months, month) && any_or_among(weekdays, weekday) &&
           (dates.empty() || std::any_of(dates.begin(), dates.end(), in));
}

tariff_period tariff::period_at(instant t, calendar const& c) const
{
    constexpr auto day = 24 * hour;
    auto const local = c.local(t);
    auto const midnight = floor_to(local, day);
    for (auto const& d : days)
        if (d.holds(midnight / day))
            return d.minutes[static_cast<std::size_t>((local - midnight) / minute)];
    return tariff_period::flat;
}

tariff::shares tariff::shares_of(instant from, instant to, calendar const& c) const
{
    shares s{};
    auto const whole = static_cast<double>(to - from);
    while (from < to) {
        auto const edge = std::min(floor_to(from, minute) + minute, to);
        s[static_cast<std::size_t>(period_at(from, c))] += static_cast<double>(edge - from) / whole;
        from = edge;
    }
    return s;
}

double tariff::price_of(shares const& s) const
{
    auto sum = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i)
        sum += s[i] * price_at(static_cast<tariff_period>(i));
    return sum;
}

} // namespace kilnwatt::energy
