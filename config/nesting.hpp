#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kilnwatt::config {

/// More keys, list items and levels than this in one document are refused: the bound on memory.
inline constexpr std::size_t values_max = 200'000;

/// What keeps a text from being parsed safely: where, and the sentence. An empty sentence: nothing does.
struct nesting_fault {
    int line = 0;
    int column = 0;
    std::string message;
};

/// Looks over a TOML text before it is parsed, because the parser and the destructors of its tree recurse: brackets and
/// dotted keys at most depth_max deep, at most values_max values (an opening bracket, a comma, a '=' and a dot are
/// taken for one each, which is never too few). Strings and comments are stepped over; a text that is no TOML may pass,
/// the parser refuses it.
nesting_fault check_nesting(std::string_view text);

} // namespace kilnwatt::config
