#pragma once

#include "agent/entries/entry.hpp"
#include "config/defect.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::entries {

inline constexpr std::size_t csv_bytes_max = 16u << 20;

/// Reads a table "period,item,value,unit,source[,author]" (RFC 4180, UTF-8, columns in any order, empty lines skipped).
/// Values come out in canonical units. Every mistake is noted with line, column (of bytes, from 1) and remedy; the
/// entries are worth nothing then. `author` stands where a line has none; one of both is required.
std::vector<entry> read_csv(std::string_view text, std::string const& file, std::string const& author,
                            config::defects& found);

/// Checks one entry that did not come from a table and brings it to its canonical unit; mistakes go to `at`.
void check(entry& e, config::place at, config::defects& found);

} // namespace kilnwatt::entries
