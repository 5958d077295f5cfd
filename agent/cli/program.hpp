#pragma once

namespace kilnwatt::cli {

/// Parses the command line, runs one command and returns the process's exit code (see exit_code).
int run_program(int argc, char** argv);

} // namespace kilnwatt::cli
