#include "agent/cli/commands.hpp"

#include "agent/cli/journal_commands.hpp"
#include "agent/cli/progress.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

namespace kilnwatt::cli {
namespace {

exit_code run_verify(std::string const& path, streams io)
{
    auto reader = open_journal(path, io);
    if (reader.has_error())
        return exit_code::failure;
    auto const findings = reader->integrity_check(progress_bar(io, "verify"));
    if (findings.has_error()) {
        io.err << "journal: " << path << ": " << findings.error().message() << '\n';
        return exit_code::failure;
    }
    for (auto const& f : *findings)
        io.out << f << '\n';
    io.err << path << (findings->empty() ? ": ok\n" : ": damaged\n");
    return findings->empty() ? exit_code::ok : exit_code::failure;
}

} // namespace

journal::journal_reader::progress progress_bar(streams io, std::string label)
{
    constexpr std::size_t steps = 1'000;
    auto bar = std::make_shared<progress>(io, steps);
    return [bar = std::move(bar), label = std::move(label)](double share) {
        bar->show(static_cast<std::size_t>(share * steps), label);
        return true;
    };
}

result<journal::journal_reader> open_journal(std::string const& path, streams io)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    if (reader.has_error())
        io.err << "journal: " << why << '\n';
    return reader;
}

void add_journal(CLI::App& app, streams io, exit_code& code)
{
    auto* journal = app.add_subcommand("journal", "Look into a journal file, also while the agent writes it");
    journal->require_subcommand(1);
    journal->footer("Examples:\n  kilnwatt journal status journal.db\n"
                    "  kilnwatt journal export journal.db --device grid-meter --since 1d > grid.csv");
    auto path = std::make_shared<std::string>();
    add_journal_status(*journal, io, code);
    auto* verify = journal->add_subcommand("verify", "Check every page and every row");
    verify->add_option("PATH", *path, "Journal file")->required();
    verify->callback([path, io, &code] { code = run_verify(*path, io); });
    add_journal_export(*journal, io, code);
    add_journal_sql(*journal, io, code);
    add_journal_vacuum(*journal, io, code);
}

} // namespace kilnwatt::cli
