#include "agent/cli/journal_commands.hpp"

#include "agent/cli/export_format.hpp"
#include "agent/cli/time_argument.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace kilnwatt::cli {
namespace {

struct export_options {
    std::string path;
    time_arguments times;
    std::set<std::string> devices, points, streams; ///< empty = all; no stream = readings
    bool all = false;
    bool json = false, csv = false;
};

std::vector<std::string> stream_names()
{
    std::vector<std::string> names;
    for (int s = 0; s < stream_count; ++s)
        names.emplace_back(to_string(static_cast<stream>(s)));
    return names;
}

journal::record_filter filter_of(export_options const& o)
{
    journal::record_filter wanted;
    wanted.times = o.times.range();
    wanted.devices = o.devices;
    if (o.all)
        return wanted;
    for (int s = 0; s < stream_count; ++s)
        if (o.streams.contains(std::string{to_string(static_cast<stream>(s))}))
            wanted.streams.insert(static_cast<stream>(s));
    if (wanted.streams.empty())
        wanted.streams.insert(stream::readings);
    return wanted;
}

exit_code run_export(export_options const& o, streams io)
{
    auto reader = open_journal(o.path, io);
    if (reader.has_error())
        return exit_code::failure;
    auto const format = o.json ? export_format::json : export_format::csv;
    if (format == export_format::csv)
        io.out << csv_header();
    std::string text;
    auto const each = [&](record const& r) {
        text.clear();
        append_record(r, o.points, format, text);
        io.out << text;
        return io.out.good();
    };
    auto const damaged = reader->for_each_record(filter_of(o), each, progress_bar(io, "export"));
    if (damaged.has_error()) {
        io.err << "journal: " << o.path << ": " << damaged.error().message() << '\n';
        return exit_code::failure;
    }
    if (!io.out.good()) {
        io.err << "journal: standard output cannot be written\n";
        return exit_code::failure;
    }
    for (auto const& range : *damaged)
        io.err << "journal: positions " << range.first << " to " << range.last - 1 << " are damaged and left out\n";
    return damaged->empty() ? exit_code::ok : exit_code::failure;
}

} // namespace

void add_journal_export(CLI::App& journal, streams io, exit_code& code)
{
    auto o = std::make_shared<export_options>();
    auto* c = journal.add_subcommand("export", "Write records as CSV or JSON lines to standard output");
    c->footer("One line a value: time, device, stream, seq, point, value, unit, quality.\n"
              "Examples:\n"
              "  kilnwatt journal export journal.db --device grid-meter --point active_power --since 1d > grid.csv\n"
              "  kilnwatt journal export journal.db --stream kpi/P1D --since 2026-03-01 --until 2026-04-01 --json");
    c->add_option("PATH", o->path, "Journal file")->required();
    add_time_arguments(*c, o->times);
    c->add_option("--device", o->devices, "Only this device, or 'site' for the plant; may be repeated")
        ->allow_extra_args(false);
    c->add_option("--point", o->points, "Only this point, window column or metric; may be repeated")
        ->allow_extra_args(false);
    auto* stream = c->add_option("--stream", o->streams, "Of this stream instead of readings; may be repeated")
                       ->allow_extra_args(false)
                       ->check(CLI::IsMember(stream_names()));
    c->add_flag("--all", o->all, "Of all streams: windows, KPIs, events and entries too")->excludes(stream);
    auto* json = c->add_flag("--json", o->json, "JSON lines");
    c->add_flag("--csv", o->csv, "CSV (the default)")->excludes(json);
    c->callback([=, &code] { code = run_export(*o, io); });
}

} // namespace kilnwatt::cli
