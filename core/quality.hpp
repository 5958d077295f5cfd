#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kilnwatt {

/// How far a quality lets a value be trusted. A bad value is never a number for anybody downstream.
enum class severity : std::uint8_t { good, uncertain, bad };

/// Quality of one value with its cause; it goes with the value from the register to the KPI.
///
/// The numbers are stored in the journal: never reuse or renumber one.
enum class quality : std::uint8_t {
    good = 0,
    night = 1,        ///< A derived zero of a sleeping inverter.
    manual_value = 2, ///< Typed in by a person.

    held = 32,               ///< The last value, younger than max_hold.
    held_offline = 33,       ///< The last value of a device that does not answer any more.
    initial = 34,            ///< First value after a start, or an accumulator that says 0.
    estimated = 35,          ///< Substituted or estimated.
    interpolated = 36,       ///< The split of a known total over windows is an assumption.
    engineering_range = 37,  ///< Physical, but outside the engineering range.
    stuck = 38,              ///< Has not moved while a companion says it must.
    below_minimum = 39,      ///< Below the meter's metrological minimum.
    inputs_missing = 40,     ///< Some inputs were bad.
    low_coverage = 41,       ///< Coverage between 0.75 and 0.95.
    low_resolution = 42,     ///< The counter's step is too coarse for the window.
    denominator_low = 43,    ///< A ratio whose denominator is below its floor.
    counter_reset = 44,      ///< A counter restarted inside the window.
    gap_energy = 45,         ///< Holds the energy of a gap before it.
    simulated = 46,
    time_uncertain = 47,     ///< The clock was not trusted.
    balance_error = 48,      ///< The plant balance does not close.

    not_read = 64,         ///< Nothing yet.
    timeout = 65,          ///< No answer.
    device_offline = 66,   ///< No answer for longer than max_hold.
    illegal_address = 67,  ///< Modbus exception 1, 2 or 3.
    device_failure = 68,   ///< Modbus exception 4, 5, 6, 10 or 11, or the device reports a fault.
    communication = 69,    ///< Framing or CRC.
    not_supported = 70,    ///< Sentinel, NaN, or a register the device does not have.
    sensor_failure = 71,   ///< Was valid before and is a sentinel now.
    out_of_range = 72,     ///< Outside physical limits.
    out_of_service = 73,
    not_configured = 74,
    coverage_too_low = 75, ///< Coverage below 0.75.
    no_data = 76,          ///< No sample at all.
    meter_replaced = 77,   ///< A new counter segment started.
    overflow = 78,         ///< The number does not fit.
    asleep = 79,           ///< The device sleeps and has no value to give.
};

/// Severity is a property of the cause.
severity severity_of(quality q) noexcept;

/// The cause alone, for example "stuck"; "good" for good.
std::string_view cause(quality q) noexcept;

/// As published and shown: "good", "good:night", "uncertain:stuck", "bad:timeout". Static storage.
std::string_view to_string(quality q) noexcept;

/// Inverse of to_string; nothing for an unknown text.
std::optional<quality> quality_from_string(std::string_view text) noexcept;

/// True when a byte read back from the journal names a quality of this program.
bool is_known(quality q) noexcept;

/// The one of the two that matters more: bad over uncertain over good, the first on a tie.
quality worst(quality a, quality b) noexcept;

/// OPC UA status code (OPC 10000-4; Schema/StatusCode.csv) of a quality.
std::uint32_t opcua_code(quality q) noexcept;

} // namespace kilnwatt
