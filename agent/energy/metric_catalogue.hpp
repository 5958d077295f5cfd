#pragma once

#include "core/layout.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy {

struct metric_meaning {
    std::string_view unit; ///< "" = a plain number
    stream shortest;       ///< the KPI stream of its shortest period
};

/// What docs/metrics.md says of a figure of the plant; nothing for an unknown one.
std::optional<metric_meaning> metric_meaning_of(std::string_view id) noexcept;

/// The same for a figure of one device, without the device's name in front: "pr", "eta". Where groups of devices
/// disagree the one that is called `group` counts, then the first.
std::optional<metric_meaning> device_metric_meaning_of(std::string_view figure, std::string_view group) noexcept;

/// All figures of the plant, for "did you mean".
std::vector<std::string_view> metric_ids();

} // namespace kilnwatt::energy
