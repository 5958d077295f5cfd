#include "agent/cli/commands.hpp"

#include "agent/cli/command_tree.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <ostream>

namespace kilnwatt::cli {
namespace {

constexpr auto exit_codes_help = R"(Exit codes of kilnwatt:
  0  ok
  1  failure: the message on standard error says what
  2  usage: the command line is wrong
  3  bad input: the site file, a profile or an imported table has mistakes
  4  device silent: a device did not answer
  5  not fresh: `watch --for` ended and a device's figures had not arrived in time
  6  unreachable: the connection or serial port could not be opened, or another service listens there
  7  refused: the device, or the agent, answered that it does not have or do what was asked
  8  bad frame: `meter decode` was given a frame that is broken
  9  interrupted: Ctrl-C; what was found until then is printed
 10  not proven: the data does not support the claim
)";

exit_code write_manual(CLI::App const& program, std::string const& folder, streams io)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    for (auto const& page : manual_pages(command_tree(program), exit_codes_help)) {
        std::ofstream out{std::filesystem::path{folder} / page.name};
        out << page.text << std::flush;
        if (!out) {
            io.err << "help: " << folder << '/' << page.name << " cannot be written\n";
            return exit_code::failure;
        }
    }
    return exit_code::ok;
}

} // namespace

void add_help(CLI::App& app, streams io, exit_code& code)
{
    auto* help = app.add_subcommand("help", "Explain a topic");
    help->require_subcommand(1);
    auto* codes = help->add_subcommand("exit-codes", "What the exit codes mean");
    codes->callback([io] { io.out << exit_codes_help; });

    auto text = std::make_shared<std::string>();
    auto* completion = help->add_subcommand("completion", "Print a completion script for a shell");
    completion->footer("Examples:\n"
                       "  kilnwatt help completion bash > ~/.local/share/bash-completion/completions/kilnwatt\n"
                       "  kilnwatt help completion fish > ~/.config/fish/completions/kilnwatt.fish");
    completion->add_option("SHELL", *text, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback([&app, text, io] { io.out << completion_script(command_tree(app), *text); });

    auto* man = help->add_subcommand("man", "Write the manual pages, one a command, to a folder");
    man->footer("Example:\n  kilnwatt help man build/man && man build/man/kilnwatt-meter-scan.1");
    man->add_option("FOLDER", *text, "Folder; made when it is not there")->required();
    man->callback([&app, text, io, &code] { code = write_manual(app, *text, io); });
}

} // namespace kilnwatt::cli
