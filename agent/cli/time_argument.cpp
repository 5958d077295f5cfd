#include "agent/cli/time_argument.hpp"

#include "agent/cli/commands.hpp"
#include "core/plant_clock.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace kilnwatt::cli {
namespace {

/// Milliseconds since 1970 of a date and time in digits; nothing for a date that does not exist.
std::optional<utc_time> utc_of(std::string text)
{
    if (text.ends_with('Z'))
        text.pop_back();
    std::array<int, 6> part{};
    char t = 'T';
    int used = 0;
    auto const given = std::sscanf(text.c_str(), "%4d-%2d-%2d%n%c%2d:%2d%n:%2d%n", &part[0], &part[1], &part[2], &used,
                                   &t, &part[3], &part[4], &used, &part[5], &used);
    if ((given != 3 && given != 6 && given != 7) || static_cast<std::size_t>(used) != text.size() ||
        (t != 'T' && t != ' '))
        return std::nullopt;
    std::tm tm{};
    tm.tm_year = part[0] - 1900;
    tm.tm_mon = part[1] - 1;
    tm.tm_mday = part[2];
    tm.tm_hour = part[3];
    tm.tm_min = part[4];
    tm.tm_sec = part[5];
    auto const seconds = ::timegm(&tm);
    if (tm.tm_year != part[0] - 1900 || tm.tm_mon != part[1] - 1 || tm.tm_mday != part[2] || tm.tm_hour != part[3] ||
        tm.tm_min != part[4] || tm.tm_sec != part[5])
        return std::nullopt; // timegm() has counted on, for example from 31 April to 1 May
    return utc_time{std::chrono::seconds{seconds}};
}

} // namespace

utc_time parse_time(std::string const& text, utc_time now)
{
    if (auto const t = utc_of(text))
        return *t;
    try {
        return now - parse_span(text);
    } catch (CLI::ValidationError const&) {
        throw CLI::ValidationError("'" + text +
                                   "' is no time: write 2026-03-15, 2026-03-15T08:00 (UTC), or 2h for two "
                                   "hours ago");
    }
}

std::optional<time_range> time_arguments::range() const
{
    if (!since && !until)
        return std::nullopt;
    return time_range{since.value_or(utc_time::min()), until.value_or(utc_time::max())};
}

void add_time_arguments(CLI::App& command, time_arguments& times)
{
    auto const add = [&](char const* name, std::optional<utc_time>& to, char const* about) {
        auto const parse = [&to](std::string const& text) { to = parse_time(text, plant_clock{}.now().utc); };
        command.add_option_function<std::string>(name, parse, about)->type_name("TIME");
    };
    add("--since", times.since, "From this time on: 2026-03-15, 2026-03-15T08:00 (UTC), or 2h for two hours ago");
    add("--until", times.until, "Before this time");
}

std::string to_text(utc_time t)
{
    auto const ms = t.time_since_epoch().count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(t)), ms);
}

} // namespace kilnwatt::cli
