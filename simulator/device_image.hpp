#pragma once

#include "drivers/profile.hpp"
#include "simulator/plant.hpp"
#include "simulator/register_image.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace kilnwatt::simulator {

/// A device's registers and who fills them in from the plant.
struct device_image {
    register_image registers;
    std::function<void(plant const&, register_image&)> paint;

    void refresh(plant const& p) { paint(p, registers); }
};

/// The registers of the plant's device `name` laid out by its profile, the way back of what the agent does. A point the
/// plant knows nothing of is "not implemented", or 0 where the profile has no such pattern. A SunSpec profile without
/// points becomes a chain of models 1, 103, 120 and 160 at 40000.
device_image profile_image(std::string_view name, drivers::profile const& profile);

/// The points profile_image() serves: the profile's, or those of the SunSpec chain.
std::vector<drivers::point> served_points(drivers::profile const& profile);

/// The decimal exponent that a simulated device puts in the point `exponent`: the smallest, not below -2, that lets the
/// largest plausible value of every point that uses it fit its type.
int exponent_for(std::span<drivers::point const> points, std::string_view exponent);

} // namespace kilnwatt::simulator
