#include "core/role.hpp"

#include <array>

namespace kilnwatt {
namespace {

constexpr std::array<std::string_view, 13> names{
    "none",        "pv",   "grid", "battery",    "load",    "motor", "waste_heat", "boiler",
    "transformer", "kiln", "fuel", "production", "weather",
};

} // namespace

std::string_view to_string(role r) noexcept
{
    return names.at(static_cast<std::size_t>(r));
}

std::optional<role> role_from_string(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text)
            return static_cast<role>(i);
    return std::nullopt;
}

std::span<std::string_view const> role_names() noexcept
{
    return names;
}

} // namespace kilnwatt
