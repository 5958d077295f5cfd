#pragma once

#include "drivers/profile.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kilnwatt::drivers {

/// Registers of a clock type; 0 for every other type.
std::uint16_t clock_registers(point_type t) noexcept;

/// What a device's clock shows, "2026-06-20T08:15:00" in the device's own time. Nothing when that is no moment of the
/// calendar (month 13, a meter without a clock). `words` are clock_registers(t) registers, byte order undone.
///
///     datetime_6  year (2 or 4 digits), month, day, hour, minute, second: a register each
///     datetime_3  year and month, day and hour, minute and second: a byte each, high byte first, year from 2000
///     datetime_4  IEC 60870-5-4 as Modbus meters send it: year from 2000 in the bits 0-6, month and day, hour and
///                 minute, milliseconds of the minute; the bits of weekday, summer time and invalid time are left out
std::optional<std::string> clock_text(point_type t, std::span<std::uint16_t const> words);

/// The inverse, for the simulator. False when `text` is no moment from 2000 to 2099 or `out` is too small.
bool clock_words(point_type t, std::string_view text, std::span<std::uint16_t> out);

} // namespace kilnwatt::drivers
