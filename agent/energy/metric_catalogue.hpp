#pragma once

#include "agent/energy/plant_model.hpp"
#include "core/layout.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy {

struct metric_unit {
    std::string_view name;
    std::string_view unit; ///< "" for a plain number
    stream shortest;       ///< the stream of its shortest period
};

/// The plant's own figures, as docs/metrics.md lists them.
std::span<metric_unit const> metric_units();

/// Their names, for "did you mean".
std::vector<std::string_view> metric_ids();

/// What the catalogue says of a figure of the plant; nothing for an unknown one.
std::optional<metric_unit> metric_meaning_of(std::string_view name) noexcept;

/// The same for a figure of one device, without the device's name in front: "pr", "eta". Where groups of devices
/// disagree the one that is called `group` counts, then the first.
std::optional<metric_unit> device_metric_meaning_of(std::string_view figure, std::string_view group) noexcept;

/// Name of a figure of one device: "press_meter.e"; "device_pv.e" for a device that is called like a group of figures.
std::string metric_name(std::string device, std::string_view leaf);

/// The unit a canonical one is published in: kW for W.
struct published_unit {
    std::string_view name;
    double factor = 1; ///< from the canonical one
};
published_unit published(std::string_view canonical);

/// A counter or gauge of a device as a formula names it: "press_meter.active_energy_import".
struct point_of_device {
    std::size_t device = 0; ///< of the model
    std::string point;
    bool counter = false;
    published_unit unit;
};
std::optional<point_of_device> point_named(plant_model const& m, std::string_view name);

/// A figure that this plant can have: its own or a device's, and none whose role or tariff the plant lacks.
std::optional<metric_unit> figure_named(plant_model const& m, std::string_view name);

/// Unit of a figure that this plant can have: the plant's own, a device's, or a point of the vocabulary. Nothing for an
/// unknown name, and for one whose role or tariff the plant lacks.
std::optional<std::string_view> unit_of_figure(plant_model const& m, std::string_view name);

} // namespace kilnwatt::energy
