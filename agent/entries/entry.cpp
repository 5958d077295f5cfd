#include "agent/entries/entry.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace kilnwatt::entries {
namespace {

struct spelling {
    std::string_view text;
    std::string_view unit;
    double factor;
};

/// Groups of units that measure the same.
constexpr spelling energy[]{{"kWh", "kWh", 1}, {"MWh", "kWh", 1e3}, {"GWh", "kWh", 1e6}, {"Wh", "kWh", 1e-3}};
constexpr spelling heat[]{{"GJ", "GJ", 1}, {"MJ", "GJ", 1e-3}, {"kWh", "GJ", 3.6e-3}, {"MWh", "GJ", 3.6}};
constexpr spelling volume[]{{"m3", "m3", 1}, {"Nm3", "m3", 1}, {"10^4 m3", "m3", 1e4}};
constexpr spelling fuel[]{{"kg", "kg", 1}, {"t", "kg", 1e3}};
constexpr spelling product[]{{"t", "t", 1}, {"kg", "t", 1e-3}, {"m2", "m2", 1}, {"piece", "piece", 1}};
constexpr spelling water[]{{"t", "t", 1}, {"m3", "t", 1}, {"kg", "t", 1e-3}};
constexpr spelling money[]{{"CNY", "CNY", 1}, {"10^4 CNY", "CNY", 1e4}};
constexpr spelling metric[]{{"kWh", "kWh", 1},     {"MWh", "kWh", 1e3}, {"GJ", "GJ", 1},     {"MJ", "GJ", 1e-3},
                            {"m3", "m3", 1},       {"t", "t", 1},       {"kg", "t", 1e-3},   {"m2", "m2", 1},
                            {"piece", "piece", 1}, {"h", "h", 1},       {"degC", "degC", 1}, {"1", "1", 1}};

struct known_item {
    std::string_view name;
    std::span<spelling const> units;
};

constexpr known_item items[]{
    {"electricity", energy},
    {"heat", heat},
    {"natural_gas", volume},
    {"raw_coal", fuel},
    {"coke", fuel},
    {"lpg", fuel},
    {"diesel", fuel},
    {"gasoline", fuel},
    {"fuel_oil", fuel},
    {"coke_oven_gas", volume},
    {"producer_gas", volume},
    {"steam", fuel},
    {"fresh_water", water},
    {"softened_water", water},
    {"deoxygenated_water", water},
    {"compressed_air", volume},
    {"oxygen", volume},
    {"nitrogen", volume},
    {"production", product},
    {"material", product},
    {"operating_cost", money},
};

std::span<spelling const> spellings_of(std::string_view item)
{
    for (auto const& i : items)
        if (i.name == item)
            return i.units;
    return is_item(item) ? std::span<spelling const>{metric} : std::span<spelling const>{};
}

int number(std::string_view digits)
{
    int n = 0;
    for (auto const c : digits) {
        if (c < '0' || c > '9')
            return -1;
        n = 10 * n + (c - '0');
    }
    return n;
}

} // namespace

std::optional<canonical_unit> unit_of(std::string_view item, std::string_view unit) noexcept
{
    for (auto const& s : spellings_of(item))
        if (s.text == unit)
            return canonical_unit{s.unit, s.factor};
    return std::nullopt;
}

std::vector<std::string_view> units_for(std::string_view item)
{
    std::vector<std::string_view> all;
    for (auto const& s : spellings_of(item))
        all.push_back(s.text);
    return all;
}

bool is_item(std::string_view name)
{
    if (std::any_of(std::begin(items), std::end(items), [&](auto const& i) { return i.name == name; }))
        return true;
    auto const dot = name.find('.');
    return dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && name.size() <= 64 &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
           });
}

std::vector<std::string_view> item_names()
{
    std::vector<std::string_view> all;
    for (auto const& i : items)
        all.push_back(i.name);
    return all;
}

bool is_period(std::string_view text) noexcept
{
    using namespace std::chrono;
    if ((text.size() != 4 && text.size() != 7 && text.size() != 10) || (text.size() > 4 && text[4] != '-') ||
        (text.size() > 7 && text[7] != '-'))
        return false;
    auto const y = number(text.substr(0, 4));
    auto const m = text.size() > 4 ? number(text.substr(5, 2)) : 1;
    auto const d = text.size() > 7 ? number(text.substr(8, 2)) : 1;
    return y >= 1900 && y < 3000 && m > 0 && d > 0 &&
           year_month_day{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}}.ok();
}

} // namespace kilnwatt::entries
