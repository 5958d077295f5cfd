#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kilnwatt {

/// What a device is to the microgrid.
enum class role : std::uint8_t {
    none,        ///< measured, but in no balance
    pv,          ///< photovoltaic inverter
    grid,        ///< the meter at the point of common coupling
    battery,
    load,        ///< a metered consumer
    motor,       ///< a drive or motor
    waste_heat,  ///< a heat meter of recovered heat
    boiler,
    transformer,
    kiln,
    fuel,        ///< a gas or fuel meter
    production,  ///< a counter of product
    weather,     ///< irradiance and temperatures
};

std::string_view to_string(role r) noexcept;
std::optional<role> role_from_string(std::string_view text) noexcept;

/// All names, in the order of the enum, for messages that list the choices.
std::span<std::string_view const> role_names() noexcept;

} // namespace kilnwatt
