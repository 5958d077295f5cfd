#pragma once

#include "simulator/device_image.hpp"

#include <optional>
#include <string_view>

namespace kilnwatt::simulator {

/// Three devices whose registers are laid out here address by address and byte by byte, without profiles and drivers,
/// so that a wrong address, word order or scale in a profile shows: one on each kind of link.
///     "transformer" of siemens_pac2200, "ball-mill-meter" of acrel_adw300, "kiln-meter" of chint_dtsu666
/// Nothing for any other device.
std::optional<device_image> hand_image(std::string_view device, std::string_view profile);

} // namespace kilnwatt::simulator
