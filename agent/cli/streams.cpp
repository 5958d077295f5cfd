#include "agent/cli/streams.hpp"

#include <iostream>
#include <unistd.h>

namespace kilnwatt::cli {

streams standard_streams()
{
    return {std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1, ::isatty(STDERR_FILENO) == 1};
}

} // namespace kilnwatt::cli
