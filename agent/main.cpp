#include "agent/cli/program.hpp"

int main(int argc, char** argv)
{
    return kilnwatt::cli::run_program(argc, argv);
}
