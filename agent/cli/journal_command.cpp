#include "agent/cli/commands.hpp"

#include "agent/cli/journal_commands.hpp"
#include "agent/cli/progress.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ostream>

namespace kilnwatt::cli {
namespace {

std::string when(std::optional<utc_time> t)
{
    if (!t)
        return "-";
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(*t)));
}

void print_status(journal::journal_status const& s, streams io)
{
    io.out << fmt::format("epoch {}  schema {}  run {}  file {} B  WAL {} B  positions {} to {}\n", s.epoch, s.schema,
                          s.boot, s.file_bytes, s.wal_bytes, s.oldest, s.head);
    io.out << fmt::format("\n{:<24}{:>10}{:>14}  {:<22}{:<22}\n", "STREAM", "segments", "bytes", "first", "last");
    for (auto const& st : s.streams)
        io.out << fmt::format("{:<24}{:>10}{:>14}  {:<22}{:<22}\n", to_string(st.kind), st.segments, st.bytes,
                              when(st.first_time), when(st.last_time));
    io.out << fmt::format("\n{:<24}{:>12}{:>12}{:>12}{:>12}\n", "DEVICE", "read", "stored", "unstored", "dropped");
    for (auto const& [device, l] : s.ledger) // "site" counts the plant's events
        io.out << fmt::format("{:<24}{:>12}{:>12}{:>12}{:>12}\n", device, l.read, l.stored, l.unstored, l.dropped);
    if (!s.cursors.empty())
        io.out << fmt::format("\n{:<24}{:>22}\n", "SINK", "unconfirmed from");
    for (auto const& [sink, cursor] : s.cursors)
        io.out << fmt::format("{:<24}{:>22}\n", sink, cursor.unconfirmed);
}

exit_code run_status(std::string const& path, streams io)
{
    auto reader = open_journal(path, io);
    if (reader.has_error())
        return exit_code::failure;
    auto const status = reader->status();
    if (status.has_error()) {
        io.err << "journal: " << path << ": " << status.error().message() << '\n';
        return exit_code::failure;
    }
    print_status(*status, io);
    return exit_code::ok;
}

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
    auto* status = journal->add_subcommand("status", "What it holds, per stream, device and sink");
    status->add_option("PATH", *path, "Journal file")->required();
    status->callback([path, io, &code] { code = run_status(*path, io); });
    auto* verify = journal->add_subcommand("verify", "Check every page and every row");
    verify->add_option("PATH", *path, "Journal file")->required();
    verify->callback([path, io, &code] { code = run_verify(*path, io); });
    add_journal_export(*journal, io, code);
    add_journal_sql(*journal, io, code);
    add_journal_vacuum(*journal, io, code);
}

} // namespace kilnwatt::cli
