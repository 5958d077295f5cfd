#include "agent/cli/commands.hpp"

#include "agent/cli/export_format.hpp"
#include "agent/journal/journal_reader.hpp"

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

/// A percentage on the terminal's error stream; nothing in a pipe.
journal::journal_reader::progress progress_bar(streams io, std::string label)
{
    return [io, label = std::move(label), shown = -1](double share) mutable {
        auto const percent = static_cast<int>(share * 100);
        if (io.err_is_terminal && percent != shown)
            io.err << '\r' << label << ' ' << percent << " %" << (percent == 100 ? "\n" : "") << std::flush;
        shown = percent;
        return true;
    };
}

void print_status(journal::journal_status const& s, streams io)
{
    io.out << fmt::format("epoch {}  schema {}  run {}  file {} B  WAL {} B  positions {} to {}\n", s.epoch, s.schema,
                          s.boot, s.file_bytes, s.wal_bytes, s.oldest, s.head);
    io.out << fmt::format("\n{:<16}{:>10}{:>14}  {:<22}{:<22}\n", "STREAM", "segments", "bytes", "first", "last");
    for (auto const& st : s.streams)
        io.out << fmt::format("{:<16}{:>10}{:>14}  {:<22}{:<22}\n", to_string(st.kind), st.segments, st.bytes,
                              when(st.first_time), when(st.last_time));
    io.out << fmt::format("\n{:<24}{:>12}{:>12}{:>12}{:>12}\n", "DEVICE", "read", "stored", "unstored", "dropped");
    for (auto const& [device, l] : s.ledger)
        io.out << fmt::format("{:<24}{:>12}{:>12}{:>12}{:>12}\n", device, l.read, l.stored, l.unstored, l.dropped);
    if (!s.cursors.empty())
        io.out << fmt::format("\n{:<24}{:>22}\n", "SINK", "unconfirmed from");
    for (auto const& [sink, cursor] : s.cursors)
        io.out << fmt::format("{:<24}{:>22}\n", sink, cursor.unconfirmed);
}

result<journal::journal_reader> open(std::string const& path, streams io)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    if (reader.has_error())
        io.err << "journal: " << why << '\n';
    return reader;
}

exit_code run_status(std::string const& path, streams io)
{
    auto reader = open(path, io);
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
    auto reader = open(path, io);
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

struct export_options {
    std::string path;
    journal::record_filter wanted;
    export_format format = export_format::csv;
};

exit_code run_export(export_options const& options, streams io)
{
    auto reader = open(options.path, io);
    if (reader.has_error())
        return exit_code::failure;
    if (options.format == export_format::csv)
        io.out << csv_header();
    std::string text;
    auto const each = [&](record const& r) {
        text.clear();
        append_record(r, options.format, text);
        io.out << text;
        return io.out.good();
    };
    auto const damaged = reader->for_each_record(options.wanted, each, progress_bar(io, "export"));
    if (damaged.has_error()) {
        io.err << "journal: " << options.path << ": " << damaged.error().message() << '\n';
        return exit_code::failure;
    }
    for (auto const& range : *damaged)
        io.err << "journal: positions " << range.first << " to " << range.last << " are damaged and left out\n";
    return damaged->empty() ? exit_code::ok : exit_code::failure;
}

void add_export(CLI::App& journal, streams io, exit_code& code)
{
    auto options = std::make_shared<export_options>();
    auto devices = std::make_shared<std::vector<std::string>>();
    auto json = std::make_shared<bool>(false);
    auto all = std::make_shared<bool>(false);
    auto* command = journal.add_subcommand("export", "Write records as CSV or JSON lines to standard output");
    command->add_option("PATH", options->path, "Journal file")->required();
    command->add_option("--device", *devices, "Only this device; may be repeated");
    command->add_flag_function("--csv", [json](std::int64_t) { *json = false; }, "CSV, one value a line (the default)");
    command->add_flag("--json", *json, "JSON lines, one value a line");
    command->add_flag("--all", *all, "Windows, KPIs and events too, not only readings");
    command->callback([=, &code] {
        options->wanted.devices = {devices->begin(), devices->end()};
        if (!*all)
            options->wanted.streams = {stream::readings};
        options->format = *json ? export_format::json : export_format::csv;
        code = run_export(*options, io);
    });
}

} // namespace

void add_journal(CLI::App& app, streams io, exit_code& code)
{
    auto* journal = app.add_subcommand("journal", "Look into a journal file, also while the agent writes it");
    journal->require_subcommand(1);
    journal->footer("Example:\n  kilnwatt journal export --device grid-meter journal.db > grid.csv");
    auto path = std::make_shared<std::string>();
    auto* status = journal->add_subcommand("status", "What it holds, per stream, device and sink");
    status->add_option("PATH", *path, "Journal file")->required();
    status->callback([path, io, &code] { code = run_status(*path, io); });
    auto* verify = journal->add_subcommand("verify", "Check every page and every row");
    verify->add_option("PATH", *path, "Journal file")->required();
    verify->callback([path, io, &code] { code = run_verify(*path, io); });
    add_export(*journal, io, code);
}

} // namespace kilnwatt::cli
