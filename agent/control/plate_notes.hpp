#pragma once

#include "agent/control/site_plan.hpp"

#include <string>
#include <vector>

namespace kilnwatt::control {

/// A plate that is not in the site file: no mistake, but figures lack it.
struct plate_note {
    config::place at; ///< of the device or the production
    std::string device;
    std::string figures; ///< what is absent without it, or has no floor
    std::string key;     ///< what to add, with an example
};

/// "site.toml:12:1: pv-roof: no pv.pr, ...; add array = {...}"
std::string to_string(plate_note const& n);

/// Devices in the order of the file, then what is made. A plate whose figures also need a point is missed only where
/// the device's profile has it.
std::vector<plate_note> plate_notes(site_plan const& plan);

} // namespace kilnwatt::control
