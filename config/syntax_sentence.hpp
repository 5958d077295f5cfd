#pragma once

#include <string>
#include <string_view>

namespace kilnwatt::config {

struct sentence {
    std::string message;
    std::string remedy;
};

/// What the TOML library says about a syntax error, in the words of somebody who edits the file.
sentence syntax_sentence(std::string_view description);

} // namespace kilnwatt::config
