#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt {

/// Levenshtein distance between two words, for "did you mean"; words longer than 64 characters count as unrelated.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidates within a third of the word's length (at least 2), nearest first, at most `most`.
std::vector<std::string> nearest(std::string_view word, std::vector<std::string_view> const& candidates,
                                 std::size_t most = 3);

} // namespace kilnwatt
