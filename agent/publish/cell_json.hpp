#pragma once

#include "agent/publish/json_writer.hpp"
#include "core/row.hpp"

#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// Writes the scaled value of a column under `key`; a bad or absent one is null. A state that has a name also gets
/// "<key>_text".
void write_cell(json_writer& out, std::string_view key, row const& r, std::size_t column);

/// Name of the state a column is in; nullptr when it has none.
std::string const* state_text(row const& r, std::size_t column);

/// Quality as published: that of the cell, except that a value that cannot be said (no exponent, not finite) is never
/// called good.
quality published_quality(row const& r, std::size_t column);

} // namespace kilnwatt::publish
