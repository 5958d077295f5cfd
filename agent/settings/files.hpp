#pragma once

#include "config/defect.hpp"

#include <cstddef>
#include <string>

namespace kilnwatt::settings {

/// `path` as written at `at`: relative to the folder of that file; absolute and without "..".
std::string beside(config::place const& at, std::string const& path);

/// The bytes of a regular file of at most size_max; `why` gets the sentence when there is none.
std::string read_small_file(std::string const& path, std::size_t size_max, std::string& why);

/// A variable of the environment, "" when it is not set.
std::string environment(char const* name);

} // namespace kilnwatt::settings
