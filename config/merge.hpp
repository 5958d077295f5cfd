#pragma once

#include "config/node.hpp"

namespace kilnwatt::config {

/// Moves the entries of one file's table into another's: tables merge, arrays of tables append, a key given in both is
/// noted with both places and keeps its first value. `from` is left empty.
void merge(table::node& to, table::node& from);

} // namespace kilnwatt::config
