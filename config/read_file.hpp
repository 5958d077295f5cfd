#pragma once

#include "config/table.hpp"

#include <string>

namespace kilnwatt::config {

/// The bytes of a regular file, one more than size_max at most; `why` gets the sentence when it cannot be read.
std::string read_bounded(std::string const& path, std::size_t size_max, std::string& why);

/// The tree of one file with its own defects; "cannot be read" is one of them.
std::shared_ptr<table::node> parse_file(std::string const& path);

document document_of(std::shared_ptr<table::node> root);

} // namespace kilnwatt::config
