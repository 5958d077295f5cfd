#pragma once

#include "core/row.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::journal {

/// A row with its whole layout as one JSON text: how a row waits in the inbox. Every digit is kept.
std::string to_json(row const& r);

/// Nothing for a text that is no such row, or a row that does not fit its layout.
std::optional<row> row_from_json(std::string_view text);

} // namespace kilnwatt::journal
