#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>

namespace kilnwatt::settings {
namespace {

constexpr std::size_t days_max = 64;
constexpr std::size_t dates_max = 366;
constexpr std::int64_t reading_day_max = 28; ///< every month has it
constexpr double price_max = 100; ///< CNY/kWh
constexpr std::array<std::string_view, 5> period_words{"sharp", "peak", "flat", "valley", "deep_valley"};
std::vector<std::pair<std::string_view, double>> const per_kwh{{"CNY/kWh", 1.0}, {"CNY/MWh", 0.001}};

bool is_period(std::string_view word)
{
    return std::find(period_words.begin(), period_words.end(), word) != period_words.end();
}

/// scanf takes signs and blanks before a number too.
bool is_digit_at(std::string const& text, std::initializer_list<std::size_t> places)
{
    return std::all_of(places.begin(), places.end(), [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; });
}

/// Days since 1970-01-01 of "2026-10-01".
std::optional<std::int64_t> date_of(std::string_view text)
{
    int y = 0;
    unsigned m = 0;
    unsigned d = 0;
    int used = 0;
    std::string const whole{text};
    if (whole.size() != 10 || !is_digit_at(whole, {0, 5, 8}) ||
        std::sscanf(whole.c_str(), "%4d-%2u-%2u%n", &y, &m, &d, &used) != 3 || used != 10)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

/// "07:15 flat" as minutes and word.
std::optional<std::pair<int, std::string>> step_of(std::string const& text)
{
    unsigned h = 0;
    unsigned m = 0;
    int used = 0;
    if (text.size() < 7 || !is_digit_at(text, {0, 3}) || std::sscanf(text.c_str(), "%2u:%2u%n", &h, &m, &used) != 2 ||
        used != 5 || text[5] != ' ' || h > 23 || m > 59 || !is_period(text.substr(6)))
        return std::nullopt;
    return std::pair{static_cast<int>(60 * h + m), text.substr(6)};
}

void read_periods(config::table& t, tariff_day_settings& day, tariff_settings const& prices)
{
    t.require("periods", "for example [\"00:00 valley\", \"07:00 flat\", \"23:00 valley\"]");
    for (auto const& text : t.texts("periods").value_or(std::vector<std::string>{})) {
        auto const step = step_of(text);
        if (!step)
            return t.complain("periods", fmt::format("'{}' is no time with a period that begins then", text),
                              "for example \"07:00 flat\"; periods are sharp, peak, flat, valley, deep_valley");
        if (day.periods.empty() ? step->first != 0 : step->first <= day.periods.back().first)
            return t.complain("periods",
                              day.periods.empty()
                                  ? fmt::format("the first is '{}', so the day begins without one", text)
                                  : fmt::format("'{}' stands after a later one", text),
                              "write all 24 hours in order, from \"00:00 ...\" on");
        if (!prices.price.empty() && prices.price.count(step->second) == 0)
            return t.complain("periods", fmt::format("'{}' has no price", step->second),
                              fmt::format("give tariff.price or tariff.ratio a value for {}", step->second));
        day.periods.push_back(*step);
    }
}

void read_dates(config::table& t, tariff_day_settings& day)
{
    auto const texts = t.texts("dates").value_or(std::vector<std::string>{});
    if (texts.size() > dates_max)
        return t.complain("dates", fmt::format("has {} entries, but at most {} are allowed", texts.size(), dates_max));
    for (auto const& text : texts) {
        auto const dots = text.find("..");
        auto const first = date_of(text.substr(0, dots));
        auto const last = dots == std::string::npos ? first : date_of(text.substr(dots + 2));
        if (!first || !last || *last < *first)
            return t.complain("dates", fmt::format("'{}' is no date and no range of dates", text),
                              "for example \"2026-10-01\" or \"2026-10-01..2026-10-07\"");
        day.dates.emplace_back(*first, *last);
    }
}

/// Every date of `later` is one of `earlier` too, so that the later kind holds none.
bool hides(tariff_day_settings const& earlier, tariff_day_settings const& later)
{
    auto const holds = [](std::vector<int> const& all, std::vector<int> const& some) {
        return all.empty() || (!some.empty() && std::all_of(some.begin(), some.end(), [&](int n) {
                   return std::find(all.begin(), all.end(), n) != all.end();
               }));
    };
    auto const in_one = [&](std::pair<std::int64_t, std::int64_t> const& r) {
        return std::any_of(earlier.dates.begin(), earlier.dates.end(),
                           [&](auto const& e) { return e.first <= r.first && r.second <= e.second; });
    };
    auto const dates =
        earlier.dates.empty() || (!later.dates.empty() && std::all_of(later.dates.begin(), later.dates.end(), in_one));
    return dates && holds(earlier.months, later.months) && holds(earlier.weekdays, later.weekdays);
}

std::vector<int> read_numbers(config::table& t, std::string_view key, std::int64_t max)
{
    std::vector<int> found;
    for (auto const n : t.integers(key).value_or(std::vector<std::int64_t>{})) {
        if (n < 1 || n > max) {
            t.complain(key, fmt::format("{} is not from 1 to {}", n, max));
            break;
        }
        found.push_back(static_cast<int>(n));
    }
    return found;
}

void read_prices(config::table& t, tariff_settings& s)
{
    if (auto prices = t.child("price")) {
        for (auto const word : period_words)
            if (auto const p = prices->quantity(word, per_kwh, 0.0, price_max))
                s.price.emplace(word, *p);
        prices->refuse_unknown();
    }
    auto ratios = t.child("ratio");
    if (!ratios) {
        t.require("price", "for example {flat = \"0.65 CNY/kWh\", valley = \"0.26 CNY/kWh\"}");
        return;
    }
    auto const flat = s.price.find("flat");
    if (flat == s.price.end())
        t.complain("ratio", "multiplies the price of flat, which is missing",
                   "write price = {flat = \"0.65 CNY/kWh\"}");
    for (auto const word : period_words)
        if (auto const r = ratios->number(word, 0.0, 100.0); r && flat != s.price.end()) {
            if (!s.price.emplace(word, *r * flat->second).second)
                t.complain("ratio", fmt::format("gives {} a ratio, but it has a price", word), "leave out one of them");
        }
    ratios->refuse_unknown();
}

/// The month's charge beside the energy: by the largest demand, or by the capacity.
void read_charges(config::table& t, tariff_settings& s)
{
    s.export_price = t.quantity("export", per_kwh, -price_max, price_max);
    s.demand_price = t.quantity("demand", {{"CNY/kW", 1.0}}, 0.0, 10'000.0);
    s.baseline_demand_kw = t.quantity("baseline_demand", {{"kW", 1.0}, {"MW", 1000.0}}, 1.0, 1e6);
    s.demand_in_blocks = t.choice("demand_window", {"sliding", "block"}).value_or("sliding") == "block";
    s.reading_day = static_cast<int>(t.integer("reading_day", 1, reading_day_max).value_or(1));
    auto const price = t.quantity("capacity_price", {{"CNY/kVA", 1.0}}, 0.0, 10'000.0);
    auto const size = t.quantity("capacity", {{"kVA", 1.0}, {"MVA", 1000.0}}, 1.0, 1e6);
    if (price && s.demand_price)
        t.complain("capacity_price", "stands beside demand", "a month is charged by demand or by capacity");
    if (price.has_value() != size.has_value() && (!t.has("capacity") || !t.has("capacity_price")))
        t.complain(price ? "capacity_price" : "capacity", "has a meaning only with the other",
                   "give capacity and capacity_price");
    if (price && size)
        s.capacity_charge = *price * *size;
}

} // namespace

void read_tariff_section(config::table& root, site& s)
{
    auto t = root.child("tariff");
    if (!t)
        return;
    auto& tariff = s.tariff.emplace();
    read_prices(*t, tariff);
    read_charges(*t, tariff);
    tariff.source = t->text("source").value_or("");
    auto days = t->children("day");
    if (days.empty())
        t->complain("day", "is missing", "add [[tariff.day]] with periods");
    if (days.size() > days_max)
        t->complain("day", fmt::format("stands {} times, but at most {} are read", days.size(), days_max));
    std::vector<bool> sound; ///< which days have the dates that were written
    for (auto& d : days) {
        auto& day = tariff.days.emplace_back();
        read_periods(d, day, tariff);
        read_dates(d, day);
        day.months = read_numbers(d, "months", 12);
        day.weekdays = read_numbers(d, "weekdays", 7);
        d.refuse_unknown();
        sound.push_back(d.has("dates") != day.dates.empty() && d.has("months") != day.months.empty() &&
                        d.has("weekdays") != day.weekdays.empty());
        for (std::size_t i = 0; i + 1 < tariff.days.size(); ++i)
            if (sound[i] && sound.back() && hides(tariff.days[i], day)) {
                d.complain("periods", fmt::format("never apply: tariff.day[{}] holds all these days before", i + 1),
                           "put the special days first, or take the dates out of the other");
                break;
            }
    }
    if (!days.empty()) {
        auto& last = days.back();
        if (last.has("dates") || last.has("months") || last.has("weekdays"))
            last.complain("periods", "other days than these have no prices",
                          "end with a [[tariff.day]] without dates, months and weekdays: it holds the rest");
    }
    t->refuse_unknown();
}

} // namespace kilnwatt::settings
