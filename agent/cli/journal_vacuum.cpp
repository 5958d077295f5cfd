#include "agent/cli/journal_commands.hpp"

#include "agent/journal/vacuum.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace kilnwatt::cli {
namespace {

exit_code run_vacuum(std::string const& path, streams io)
{
    std::string why;
    auto const done = journal::vacuum(path, progress_bar(io, "vacuum"), why);
    if (done.has_error()) {
        io.err << "journal: " << why << '\n';
        return exit_code::failure;
    }
    io.out << path << ": " << done->bytes_before << " bytes before, " << done->bytes_after << " after\n";
    return exit_code::ok;
}

} // namespace

void add_journal_vacuum(CLI::App& journal, streams io, exit_code& code)
{
    auto path = std::make_shared<std::string>();
    auto* c = journal.add_subcommand("vacuum", "Write the file anew without its free pages; the agent must be stopped");
    c->footer("The new file is written beside the old one, which needs that much free disk, and takes its place in one "
              "step.\nThe agent uses free pages again by itself: this is for a journal whose limits were lowered.\n"
              "Example:\n  systemctl stop kilnwatt && kilnwatt journal vacuum /var/lib/kilnwatt/journal.db; "
              "systemctl start kilnwatt");
    c->add_option("PATH", *path, "Journal file")->required();
    c->callback([path, io, &code] { code = run_vacuum(*path, io); });
}

} // namespace kilnwatt::cli
