#pragma once

#include <iosfwd>

namespace kilnwatt::cli {

/// Where a command writes: data to `out`, everything else to `err`.
struct streams {
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool colour = false; ///< `out` may carry escape codes: a terminal, and NO_COLOR is not set
};

/// Standard output and error of the process.
streams standard_streams();

} // namespace kilnwatt::cli
