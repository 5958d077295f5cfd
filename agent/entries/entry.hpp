#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::entries {

/// One figure of one period that a person vouches for: energy of a carrier, production, material or operating cost
/// before the installation, or production since.
struct entry {
    std::string item;   ///< "electricity", "production", ... or a metric such as "press_pump.e"
    std::string unit;   ///< canonical, see item_units
    std::string period; ///< local date: "2020", "2020-03" or "2020-03-15"
    double value = 0;
    std::string source; ///< bill, protocol, MES export
    std::string author;
    std::int64_t revision = 0; ///< 0 first; the highest counts
};

/// The canonical unit of an item for a unit that a person wrote, with the factor to it; nothing when the item has no
/// such unit. Fuels are counted in kg and m3, energy in kWh, heat in GJ, product and material in t, m2 or pieces.
struct canonical_unit {
    std::string_view unit;
    double factor = 1;
};
std::optional<canonical_unit> unit_of(std::string_view item, std::string_view unit) noexcept;

std::vector<std::string_view> units_for(std::string_view item); ///< all that unit_of takes
bool is_item(std::string_view name);                            ///< a known item, or a metric "<device>.<name>"
std::vector<std::string_view> item_names();

/// A year, month or day that the calendar has, 1900 to 2999, in canonical form.
bool is_period(std::string_view text) noexcept;

} // namespace kilnwatt::entries
