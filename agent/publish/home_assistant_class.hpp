#pragma once

#include "agent/publish/device_catalogue.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// What Home Assistant needs to know of a sensor; "" = it is left out.
struct sensor_class {
    std::string_view device_class;
    std::string_view state_class;
    std::string unit;             ///< as Home Assistant writes it
    std::optional<int> precision; ///< decimals shown
};

/// Class and unit of a point by its name and canonical unit. Home Assistant refuses a sensor whose class and unit do
/// not fit each other, so a point that has no fitting class has none. Pure.
sensor_class sensor_class_of(point_entry const& p);

} // namespace kilnwatt::publish
