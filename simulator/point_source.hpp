#pragma once

#include "simulator/plant.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kilnwatt::simulator {

/// Where a point's value comes from, in the canonical unit of the point's name.
using number_source = std::function<double(plant const&)>;
/// What a state is called; several words, because makers use different ones for the same.
using state_source = std::function<std::vector<std::string_view>(plant const&)>;
using point_source = std::variant<number_source, state_source, std::string>;

/// What the plant's device `device` shows under the point name `point`; nothing when the plant does not know.
std::optional<point_source> source_of(std::string_view device, std::string_view point);

/// True for the names of the plant's devices, see config/examples/ceramics-plant.toml, and of those that it plays for
/// the other examples.
bool is_plant_device(std::string_view device);

} // namespace kilnwatt::simulator
