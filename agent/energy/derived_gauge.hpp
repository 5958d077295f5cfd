#pragma once

#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::energy {

/// A gauge that is computed from columns of one row, before anything is averaged: a power from two factors, an
/// unbalance from three phases, a state as 1 or 0, whose mean is the share of the time.
struct derived_plan {
    enum class kind : std::uint8_t {
        shaft_power,       ///< torque, N.m after `factor`, and speed, rpm
        apparent_power,    ///< active and reactive power
        unbalance,         ///< three values, NEMA MG-1
        negative_sequence, ///< three line voltages
        phase_unbalance,   ///< three voltages to neutral, taken to be 120 degrees apart: unbalance of the line voltages
        phase_sequence,    ///< the same: negative-sequence factor
        state,             ///< a state's number, as `states` has it
        above,             ///< 1 while the column is above `least`
        enabled_limit,     ///< the first column while the second is 1, else 100: no limit
        soaking,           ///< the set point; 1 while it stands (kiln_soak)
        conforming,        ///< 1 while process and set-point temperature are within `least`
    };
    kind what = kind::shaft_power;
    std::array<std::uint32_t, 3> columns{};
    std::uint32_t inputs = 1;
    double factor = 1;                                   ///< of the first column
    double least = 0;                                    ///< see kind; means below it say nothing
    std::vector<std::pair<std::int64_t, double>> states; ///< 1 or 0 by number
    std::string_view point;                              ///< of the vocabulary
    std::string_view unit;
    std::uint32_t gauge = 0; ///< index of its track
};

/// What a layout's columns give beyond themselves for a device. `feeds`: the plate of the motor that the device is or
/// supplies; null = none.
std::vector<derived_plan> derived_gauges(layout const& l, device_model const& m, motor_plate const* feeds);

/// What one row gives.
struct derived_value {
    double value = 0; ///< NaN = there is none
    quality q = quality::not_read;
    bool idle = false; ///< all inputs were read, but the machine stands still: no value, and none is missing
};
derived_value value_of(derived_plan const& p, row const& r);

} // namespace kilnwatt::energy
