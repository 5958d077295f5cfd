#include "agent/cli/streams.hpp"

#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace kilnwatt::cli {

streams standard_streams()
{
    auto const is_terminal = ::isatty(STDOUT_FILENO) == 1;
    char const* const no_color = std::getenv("NO_COLOR"); // https://no-color.org: any value that is not empty
    auto const colour = is_terminal && (no_color == nullptr || *no_color == '\0');
    return {std::cout, std::cerr, is_terminal, ::isatty(STDERR_FILENO) == 1, colour};
}

} // namespace kilnwatt::cli
