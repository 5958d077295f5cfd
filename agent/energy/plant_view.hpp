#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/energy/quantity.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy {

inline constexpr double usual_reference_ratio = 0.90;

/// The plant over one closed minute: its model and what each of its devices did.
struct plant_view {
    plant_model const* model = nullptr;
    std::span<device_window const* const> windows;  ///< one a device of the model
    instant quarter_start = 0;                      ///< of the quarter of an hour that holds the minute
    double reference_ratio = usual_reference_ratio; ///< performance ratio of the PV plant when nothing throttles it

    using names = std::initializer_list<std::string_view>;

    /// Gain of the first counter of these that the device has, times factor and the device's sign and share.
    quantity amount(std::size_t device, names counters, double factor) const;
    /// Mean of the first gauge of these that the device has, times factor, sign and share.
    quantity mean(std::size_t device, names gauges, double factor) const;
    /// Mean of a gauge that is no flow (temperature, irradiance): no sign, no share.
    quantity level(std::size_t device, std::string_view gauge, double factor = 1) const;

    bool measures(std::size_t device, names counters) const; ///< it has one of these counters, or the integral for it

    double grid_emission() const; ///< kg CO2 per kWh bought in this minute's year

    std::vector<std::size_t> with_role(role what) const;
    /// Key devices without a key device above them in the tree of meters, so that none is counted twice.
    std::vector<std::size_t> key_devices() const;
    /// Fuel meters and boilers without one of them above in the tree of meters.
    std::vector<std::size_t> carrier_meters() const;
    /// Consumers with a meter of their own and no consumer above them. A load counts before it is first heard of.
    std::vector<std::size_t> metered_consumers() const;

    device_model const& device(std::size_t i) const { return model->devices[i]; }
    std::string metric(std::size_t device, std::string_view leaf) const; ///< "press_meter.e"; "device_pv.e"
};

/// Consumers without a consumer above them in the tree of meters, with or without a meter of their own.
std::vector<std::size_t> top_consumers(plant_model const& m);

} // namespace kilnwatt::energy
