#include "config/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace kilnwatt::config {
namespace {

using unit = std::pair<std::string_view, std::int64_t>;

constexpr std::array<unit, 5> time_units{
    unit{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr std::array<unit, 9> size_units{unit{"B", 1},
                                         {"kB", 1'000},
                                         {"MB", 1'000'000},
                                         {"GB", 1'000'000'000},
                                         {"TB", 1'000'000'000'000},
                                         {"KiB", std::int64_t{1} << 10},
                                         {"MiB", std::int64_t{1} << 20},
                                         {"GiB", std::int64_t{1} << 30},
                                         {"TiB", std::int64_t{1} << 40}};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// The whole number of base units, or nothing; beyond 2^53 a double is no longer exact.
template <std::size_t N>
std::optional<std::int64_t> parse_whole(std::string_view text, std::array<unit, N> const& units)
{
    auto const parts = split(text);
    if (!parts)
        return std::nullopt;
    for (auto const& [name, factor] : units) {
        if (name != parts->unit)
            continue;
        auto const value = std::round(parts->number * static_cast<double>(factor));
        auto const exact = std::abs(value - parts->number * static_cast<double>(factor)) < 1e-6;
        if (!exact || std::abs(value) > 9.0e15)
            return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    return std::nullopt;
}

/// In the largest of the units, tried from the last, that divides the value.
template <std::size_t N>
std::string show(std::int64_t value, std::array<unit, N> const& units)
{
    for (auto u = units.rbegin(); u != units.rend(); ++u)
        if (value != 0 && value % u->second == 0)
            return fmt::format("{} {}", value / u->second, u->first);
    return fmt::format("{} {}", value, units.front().first);
}

} // namespace

std::optional<split_quantity> split(std::string_view text)
{
    text = trimmed(text);
    if (!text.empty() && text.front() == '+' && text.substr(1, 1) != "-")
        text.remove_prefix(1);
    split_quantity q;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), q.number);
    if (error != std::errc{} || !std::isfinite(q.number))
        return std::nullopt;
    q.unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    return q;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    auto const ms = parse_whole(text, time_units);
    return ms ? std::optional{std::chrono::milliseconds{*ms}} : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    auto const bytes = parse_whole(text, size_units);
    return bytes && *bytes >= 0 ? std::optional{static_cast<std::uint64_t>(*bytes)} : std::nullopt;
}

std::string show_duration(std::chrono::milliseconds value)
{
    return show(value.count(), time_units);
}

std::string show_size(std::uint64_t bytes)
{
    return show(static_cast<std::int64_t>(bytes), size_units);
}

} // namespace kilnwatt::config
