#include "agent/report/report_period.hpp"

#include "agent/energy/roll_up.hpp"
#include "agent/entries/entry.hpp"

#include <fmt/format.h>

#include <chrono>

namespace kilnwatt::report {
namespace {

namespace chrono = std::chrono;
using energy::hour;
using energy::instant;

energy::period period_of(span s)
{
    switch (s) {
    case span::day:
        return energy::period::day;
    case span::production_day:
        return energy::period::production_day;
    case span::month:
        return energy::period::month;
    case span::year:
        break;
    }
    return energy::period::year;
}

std::size_t digits_of(span s)
{
    return s == span::year ? 4 : s == span::month ? 7 : 10;
}

} // namespace

std::string_view to_string(span s)
{
    switch (s) {
    case span::day:
        return "day";
    case span::production_day:
        return "production day";
    case span::month:
        return "month";
    case span::year:
        break;
    }
    return "year";
}

stream kpi_stream_of(span s)
{
    return energy::kpi_stream(period_of(s));
}

stream window_stream_of(span s)
{
    return energy::window_stream(period_of(s));
}

stream part_stream_of(span s)
{
    return s == span::year ? stream::kpi_month : s == span::month ? stream::kpi_day : stream::kpi_15m;
}

std::optional<energy::time_span> span_of(span s, std::string_view date, energy::calendar const& c)
{
    if (!entries::is_period(date) || date.size() < digits_of(s))
        return std::nullopt;
    auto const part = [&](std::size_t at, std::size_t n, int otherwise) {
        return date.size() < at + n ? otherwise : std::stoi(std::string{date.substr(at, n)});
    };
    chrono::sys_days const day{chrono::year{part(0, 4, 1970)} / part(5, 2, 1) / part(8, 2, 1)};
    // Noon is on the date whatever the clocks do at night; a production day that begins on it runs at 23:45.
    auto const within = s == span::production_day ? 24 * hour - energy::quarter : 12 * hour;
    auto const local = chrono::duration_cast<chrono::milliseconds>(day.time_since_epoch()).count() + within;
    auto t = local - (c.local(local) - local);
    t = local - (c.local(t) - t); // with the offset of that hour
    return c.window(period_of(s), t);
}

std::string label_of(span s, instant start, energy::calendar const& c)
{
    return local_text(start, c).substr(0, digits_of(s));
}

std::string part_label(span s, instant start, energy::calendar const& c)
{
    auto const text = local_text(start, c);
    return s == span::year ? text.substr(5, 2) : s == span::month ? text.substr(8, 2) : text.substr(11, 5);
}

std::string local_text(instant t, energy::calendar const& c)
{
    chrono::sys_time<chrono::milliseconds> const local{chrono::milliseconds{c.local(t)}};
    auto const day = chrono::floor<chrono::days>(local);
    chrono::year_month_day const date{day};
    chrono::hh_mm_ss const time{local - day};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count());
}

} // namespace kilnwatt::report
