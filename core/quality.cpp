#include "core/quality.hpp"

#include <array>

namespace kilnwatt {
namespace {

struct entry {
    quality q;
    std::string_view text; ///< severity, or severity:cause
    std::uint32_t opcua;
};

constexpr std::array entries{
    entry{quality::good, "good", 0x00000000},
    entry{quality::night, "good:night", 0x00000000},
    entry{quality::manual_value, "good:manual_value", 0x00960000},
    entry{quality::held, "uncertain:held", 0x40900000},
    entry{quality::held_offline, "uncertain:held_offline", 0x408F0000},
    entry{quality::initial, "uncertain:initial", 0x40920000},
    entry{quality::estimated, "uncertain:estimated", 0x40910000},
    entry{quality::interpolated, "uncertain:interpolated", 0x40910000},
    entry{quality::engineering_range, "uncertain:engineering_range", 0x40940000},
    entry{quality::stuck, "uncertain:stuck", 0x40930000},
    entry{quality::below_minimum, "uncertain:below_minimum", 0x40930000},
    entry{quality::inputs_missing, "uncertain:inputs_missing", 0x40950000},
    entry{quality::low_coverage, "uncertain:low_coverage", 0x40A40000},
    entry{quality::low_resolution, "uncertain:low_resolution", 0x40930000},
    entry{quality::denominator_low, "uncertain:denominator_low", 0x40950000},
    entry{quality::counter_reset, "uncertain:counter_reset", 0x40910000},
    entry{quality::gap_energy, "uncertain:gap_energy", 0x40910000},
    entry{quality::simulated, "uncertain:simulated", 0x42090000},
    entry{quality::time_uncertain, "uncertain:time_uncertain", 0x40950000},
    entry{quality::balance_error, "uncertain:balance_error", 0x40950000},
    entry{quality::not_read, "bad:not_read", 0x80320000},
    entry{quality::timeout, "bad:timeout", 0x800A0000},
    entry{quality::device_offline, "bad:device_offline", 0x80310000},
    entry{quality::illegal_address, "bad:illegal_address", 0x80890000},
    entry{quality::device_failure, "bad:device_failure", 0x808B0000},
    entry{quality::communication, "bad:communication", 0x80050000},
    entry{quality::not_supported, "bad:not_supported", 0x803D0000},
    entry{quality::sensor_failure, "bad:sensor_failure", 0x808C0000},
    entry{quality::out_of_range, "bad:out_of_range", 0x803C0000},
    entry{quality::out_of_service, "bad:out_of_service", 0x808D0000},
    entry{quality::not_configured, "bad:not_configured", 0x808A0000},
    entry{quality::coverage_too_low, "bad:coverage_too_low", 0x80D60000},
    entry{quality::no_data, "bad:no_data", 0x809B0000},
    entry{quality::meter_replaced, "bad:meter_replaced", 0x80D60000},
    entry{quality::overflow, "bad:overflow", 0x803C0000},
    entry{quality::asleep, "bad:asleep", 0x80310000},
};

entry const* find(quality q) noexcept
{
    for (auto const& e : entries)
        if (e.q == q)
            return &e;
    return nullptr;
}

} // namespace

severity severity_of(quality q) noexcept
{
    auto const code = static_cast<std::uint8_t>(q);
    if (code >= 64)
        return severity::bad;
    return code >= 32 ? severity::uncertain : severity::good;
}

std::string_view to_string(quality q) noexcept
{
    auto const* e = find(q);
    return e != nullptr ? e->text : "bad:unknown";
}

std::string_view cause(quality q) noexcept
{
    auto const text = to_string(q);
    auto const colon = text.find(':');
    return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

std::optional<quality> quality_from_string(std::string_view text) noexcept
{
    for (auto const& e : entries)
        if (e.text == text)
            return e.q;
    return std::nullopt;
}

bool is_known(quality q) noexcept
{
    return find(q) != nullptr;
}

quality worst(quality a, quality b) noexcept
{
    return severity_of(b) > severity_of(a) ? b : a;
}

std::uint32_t opcua_code(quality q) noexcept
{
    auto const* e = find(q);
    return e != nullptr ? e->opcua : 0x80000000;
}

} // namespace kilnwatt
