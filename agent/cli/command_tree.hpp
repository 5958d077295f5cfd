#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kilnwatt::cli {

struct option_entry {
    std::vector<std::string> names; ///< "-c", "--config"; empty for a positional
    std::string label;              ///< of a positional, or of the option's value; "" for a flag
    std::string about;
    bool required = false;
};

/// One command as the parser knows it: what completion and manual pages are made of, so that they cannot disagree with
/// the program.
struct command_entry {
    std::vector<std::string> path; ///< {"meter", "read"}; empty for the program itself
    std::string about;
    std::string footer; ///< examples and more, as --help shows them
    std::vector<option_entry> options;
    std::vector<std::string> subcommands;
    std::vector<std::string> subcommand_abouts; ///< one a subcommand
};

/// The program and all its commands, a parent before its children.
std::vector<command_entry> command_tree(CLI::App const& program);

/// "there is no command 'report wek': did you mean 'report week'?" of a program that was parsed; "" when each word that
/// must be a command is one.
std::string misspelt_command(CLI::App const& program);

/// A completion script: bash, zsh or fish; "" for another shell.
std::string completion_script(std::vector<command_entry> const& tree, std::string const& shell);

/// A manual page, section 1, in roff. `exit_codes` is the text of `kilnwatt help exit-codes`.
struct manual_page {
    std::string name; ///< "kilnwatt-meter-read.1"
    std::string text;
};
std::vector<manual_page> manual_pages(std::vector<command_entry> const& tree, std::string const& exit_codes);

} // namespace kilnwatt::cli
