#pragma once

#include "config/node.hpp"

#include <string_view>

namespace kilnwatt::config {

/// Parses a text into a tree with its own list of defects; a syntax error leaves the tree empty. `name` is the file in
/// every place. The only user of the TOML library.
std::shared_ptr<table::node> parse_toml(std::string_view text, std::string const& name);

} // namespace kilnwatt::config
