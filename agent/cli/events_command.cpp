#include "agent/cli/commands.hpp"

#include "agent/cli/stored_entries.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/time_argument.hpp"
#include "agent/journal/journal_reader.hpp"
#include "core/event_row.hpp"

#include <CLI/CLI.hpp>

#include <deque>
#include <ostream>
#include <set>

namespace kilnwatt::cli {
namespace {

struct events_options {
    std::string journal, site; ///< one of both
    time_arguments times;
    std::set<std::string> devices, kinds; ///< empty = all
    std::size_t last = 1'000;
    bool json = false;
};

struct listed_event {
    utc_time time;
    event what;
};

bool wanted(events_options const& o, event const& e)
{
    return (o.devices.empty() || o.devices.contains(e.subject)) && (o.kinds.empty() || o.kinds.contains(e.kind));
}

exit_code run_events(events_options const& o, streams io)
{
    auto path = o.journal;
    if (path.empty()) {
        auto const site = site_of(o.site, io);
        if (!site)
            return exit_code::bad_config;
        path = site->journal.path;
    }
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    if (reader.has_error()) {
        io.err << "events: " << why << '\n';
        return exit_code::failure;
    }
    std::deque<listed_event> newest;
    std::size_t left_out = 0;
    journal::record_filter const filter{.times = o.times.range(), .streams = {stream::event}};
    auto const damaged = reader->for_each_record(filter, [&](record const& r) {
        auto e = event_of(r.data);
        if (!e || !wanted(o, *e))
            return true;
        newest.push_back({r.data.time.utc, std::move(*e)});
        if (newest.size() > o.last) {
            newest.pop_front();
            ++left_out;
        }
        return true;
    });
    if (damaged.has_error()) {
        io.err << "events: " << path << ": " << damaged.error().message() << '\n';
        return exit_code::failure;
    }
    table list{{{"time"}, {"severity"}, {"kind"}, {"device"}, {"text"}}};
    for (auto& e : newest)
        list.add({to_text(e.time), std::string{to_string(e.what.severity)}, std::move(e.what.kind),
                  std::move(e.what.subject), std::move(e.what.message)});
    list.print(io, o.json);
    if (left_out > 0)
        io.err << "events: " << left_out << " older ones are left out; --last shows more\n";
    return exit_code::ok;
}

} // namespace

void add_events(CLI::App& app, streams io, exit_code& code)
{
    constexpr std::size_t last_max = 1'000'000;
    auto o = std::make_shared<events_options>();
    auto* c = app.add_subcommand("events", "List what happened: alarms, device states, counter decisions, the journal");
    c->footer("Examples:\n  kilnwatt events -c site.toml --since 7d --kind alarm_raised\n"
              "  kilnwatt events journal.db --device grid-meter --json");
    auto* path = c->add_option("JOURNAL", o->journal, "Journal file; or name the site file with -c");
    auto* site = c->add_option("-c,--config", o->site, "Site file that names the journal")->excludes(path);
    add_time_arguments(*c, o->times);
    c->add_option("--device", o->devices, "Only of this device, link, sink or alarm; may be repeated")
        ->allow_extra_args(false);
    c->add_option("--kind", o->kinds, "Only of this kind, for example device_state; may be repeated")
        ->allow_extra_args(false);
    c->add_option("--last", o->last, "At most so many, the newest")
        ->check(CLI::Range(std::size_t{1}, last_max))
        ->capture_default_str();
    c->add_flag("--json", o->json, "One JSON object an event");
    c->callback([=, &code] {
        if (path->empty() && site->empty())
            throw CLI::ValidationError("name the journal file, or the site file with -c");
        code = run_events(*o, io);
    });
}

} // namespace kilnwatt::cli
