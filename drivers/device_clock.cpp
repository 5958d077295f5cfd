#include "drivers/device_clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace kilnwatt::drivers {
namespace {

/// Year, month, day, hour, minute, second.
using fields = std::array<int, 6>;

constexpr int century = 2000;

bool is_moment(fields const& f)
{
    auto const [y, m, d, hour, minute, second] = f;
    if (y < century || y >= century + 100 || m < 1 || d < 1 || hour < 0 || minute < 0 || second < 0)
        return false;
    auto const day = std::chrono::year{y} / m / d;
    return day.ok() && hour < 24 && minute < 60 && second < 60;
}

int high(std::uint16_t w) noexcept
{
    return w >> 8;
}

int low(std::uint16_t w) noexcept
{
    return w & 0xFF;
}

std::uint16_t joined(int high_byte, int low_byte) noexcept
{
    return static_cast<std::uint16_t>(high_byte << 8 | low_byte);
}

std::optional<fields> parsed(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    if (text.size() != shape.size())
        return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return std::nullopt;
    constexpr std::array<std::size_t, 6> starts{0, 5, 8, 11, 14, 17};
    fields f{};
    for (std::size_t i = 0; i < f.size(); ++i)
        std::from_chars(text.data() + starts[i], text.data() + starts[i] + (i == 0 ? 4 : 2), f[i]);
    return is_moment(f) ? std::optional{f} : std::nullopt;
}

} // namespace

std::uint16_t clock_registers(point_type t) noexcept
{
    switch (t) {
    case point_type::datetime_3:
        return 3;
    case point_type::datetime_4:
        return 4;
    case point_type::datetime_6:
        return 6;
    default:
        return 0;
    }
}

std::optional<std::string> clock_text(point_type t, std::span<std::uint16_t const> words)
{
    auto const n = clock_registers(t);
    if (n == 0 || words.size() < n)
        return std::nullopt;
    fields f{};
    if (t == point_type::datetime_6) {
        std::copy_n(words.begin(), f.size(), f.begin());
        f[0] += f[0] < 100 ? century : 0;
    } else if (t == point_type::datetime_3) {
        f = {century + high(words[0]), low(words[0]), high(words[1]), low(words[1]), high(words[2]), low(words[2])};
    } else {
        f = {century + (words[0] & 0x7F), high(words[1]) & 0x0F, low(words[1]) & 0x1F,
             high(words[2]) & 0x1F,       low(words[2]) & 0x3F,  words[3] / 1000};
    }
    if (!is_moment(f))
        return std::nullopt;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", f[0], f[1], f[2], f[3], f[4], f[5]);
}

bool clock_words(point_type t, std::string_view text, std::span<std::uint16_t> out)
{
    auto const n = clock_registers(t);
    auto const moment = parsed(text);
    if (n == 0 || out.size() < n || !moment)
        return false;
    auto const [year, month, day, hour, minute, second] = *moment;
    if (t == point_type::datetime_6) {
        for (std::size_t i = 0; i < moment->size(); ++i)
            out[i] = static_cast<std::uint16_t>((*moment)[i]);
        return true;
    }
    auto const short_year = year - century;
    if (t == point_type::datetime_3) {
        out[0] = joined(short_year, month);
        out[1] = joined(day, hour);
        out[2] = joined(minute, second);
        return true;
    }
    out[0] = static_cast<std::uint16_t>(short_year);
    out[1] = joined(month, day);
    out[2] = joined(hour, minute);
    out[3] = static_cast<std::uint16_t>(second * 1000);
    return true;
}

} // namespace kilnwatt::drivers
