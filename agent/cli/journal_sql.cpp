#include "agent/cli/journal_commands.hpp"

#include "agent/journal/sql_tables.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace kilnwatt::cli {
namespace {

constexpr std::size_t records_a_commit = 5'000;

journal::record_filter figures_from(position first)
{
    journal::record_filter wanted;
    wanted.positions.first = first;
    for (int s = 0; s < stream_count; ++s)
        if (auto const kind = static_cast<stream>(s); is_window(kind) || is_kpi(kind) || kind == stream::event)
            wanted.streams.insert(kind);
    return wanted;
}

exit_code run_sql(std::string const& path, std::string const& file, streams io)
{
    auto reader = open_journal(path, io);
    if (reader.has_error())
        return exit_code::failure;
    auto const fail = [&](std::string const& what, boost::system::error_code ec) {
        io.err << "journal: " << what << ": " << ec.message() << '\n';
        return exit_code::failure;
    };
    auto const status = reader->status();
    if (status.has_error())
        return fail(path, status.error());
    std::string why;
    auto tables = journal::sql_tables::open(file, status->epoch, why);
    if (tables.has_error()) {
        io.err << "journal: " << why << '\n';
        return exit_code::failure;
    }
    result<void> written;
    std::size_t count = 0;
    auto next = tables->next();
    auto const each = [&](record const& r) {
        next = r.pos + 1;
        written = tables->add(r);
        if (written.has_value() && ++count % records_a_commit == 0)
            written = tables->commit(next);
        return written.has_value();
    };
    auto const damaged = reader->for_each_record(figures_from(next), each, progress_bar(io, "sql"));
    if (written.has_value())
        written = tables->commit(next);
    if (written.has_error())
        return fail(file, written.error());
    if (damaged.has_error())
        return fail(path, damaged.error());
    for (auto const& range : *damaged)
        io.err << "journal: positions " << range.first << " to " << range.last - 1 << " are damaged and left out\n";
    io.out << file << ": " << count << " records added\n";
    return damaged->empty() ? exit_code::ok : exit_code::failure;
}

} // namespace

void add_journal_sql(CLI::App& journal, streams io, exit_code& code)
{
    struct options {
        std::string path, file;
    };
    auto o = std::make_shared<options>();
    auto* c = journal.add_subcommand("sql", "Write windows, figures and events to a SQLite file with views to query");
    c->footer(
        "The views windows, kpis and events are described in docs/journal-format.md. Run again it adds what is new.\n"
        "Example:\n  kilnwatt journal sql journal.db figures.db\n"
        "  sqlite3 figures.db \"SELECT start, value, unit FROM kpis WHERE metric = 'tce.unit' AND period = 'P1D'\"");
    c->add_option("PATH", o->path, "Journal file")->required();
    c->add_option("FILE", o->file, "SQLite file; made when it is not there")->required();
    c->callback([o, io, &code] { code = run_sql(o->path, o->file, io); });
}

} // namespace kilnwatt::cli
