#pragma once

#include "tests/drivers/register_link.hpp"

#include <string>
#include <vector>

namespace kilnwatt {

/// A value that a register image must decode to: "active_power 4210.5 W good". For a bad quality the value is "-", a
/// state is written by its name, a text in quotes.
struct expected_value {
    std::string name;
    std::string value;
    std::string unit; ///< "" is written "1"
    std::string quality;
};

/// Fills the link with the lines "holding 0x4A38: 4366 0000 ..."; '#' begins a comment. Throws std::runtime_error.
void load_image(std::string const& path, register_link& link);

std::vector<expected_value> load_expected(std::string const& path);

} // namespace kilnwatt
