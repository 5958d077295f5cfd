#pragma once

#include "core/layout.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::publish {

/// A point as consumers see it.
struct point_entry {
    std::string name;
    std::string unit; ///< "" = a plain number, a state or a text
    bool counter = false;
    std::vector<std::pair<std::int64_t, std::string>> states;

    friend bool operator==(point_entry const&, point_entry const&) = default;
};

struct device_entry {
    std::string name;
    std::string model; ///< profile id, or what the device said it is
    std::string role;  ///< "" = none
    std::vector<point_entry> points;
    std::optional<std::chrono::seconds> state_expiry; ///< of the retained state: some poll periods; nothing = never

    /// Adds the layout's points that are not known yet; an entry of the same name gets the new meaning.
    /// True when anything changed.
    bool learn(layout const& l);
};

using device_catalogue = std::vector<device_entry>;

/// True when the column only holds the decimal exponent of another one: no point of its own.
bool is_exponent(layout const& l, std::size_t column);

} // namespace kilnwatt::publish
