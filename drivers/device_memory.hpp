#pragma once

#include "drivers/read_plan.hpp"
#include "drivers/sunspec_chain.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::drivers {

inline constexpr std::size_t holes_max = 512;
inline constexpr std::size_t memory_bytes_max = 64 * 1024;

/// What a device has taught us and what should outlive a restart.
struct device_memory {
    std::map<std::string, std::string> identity; ///< serial number and firmware as last read, by point name
    std::vector<read_range> holes;
    std::vector<sunspec::block> chain; ///< of a SunSpec device

    friend bool operator==(device_memory const&, device_memory const&) = default;
};

/// One line an entry; the first names the profile and what its points are.
std::string to_text(device_memory const& m, profile const& of);

/// Nothing for a damaged text, and for one of another profile or of other points: what was a hole then need be none
/// now.
std::optional<device_memory> memory_from(std::string_view text, profile const& of);

} // namespace kilnwatt::drivers
