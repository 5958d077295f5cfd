#include "agent/cli/commands.hpp"

#include "agent/cli/event_feed.hpp"
#include "agent/cli/stored_entries.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/time_argument.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <functional>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds look_again{500}; ///< the agent commits as often by default

struct events_options {
    std::string journal, site; ///< one of both
    time_arguments times;
    event_filter wanted;
    bool follow = false;
    bool json = false;
};

/// Prints what is new; false when it cannot be read, which is told when the reason changes.
bool print_new(event_feed& feed, table& list, bool json, std::string& told, streams io)
{
    std::string why;
    auto const found = feed.next(why);
    if (found.has_error()) {
        if (std::exchange(told, why) != why)
            io.err << "events: " << why << '\n';
        return false;
    }
    told.clear();
    for (auto const& e : *found)
        list.add(
            {to_text(e.time), std::string{to_string(e.what.severity)}, e.what.kind, e.what.subject, e.what.message});
    list.print_more(io, json);
    if (feed.left_out() > 0)
        io.err << "events: " << feed.left_out() << " older ones are left out; --last shows more\n";
    return true;
}

/// Until a signal comes, or nobody reads any more.
void follow(event_feed& feed, table& list, bool json, streams io)
{
    asio::io_context context{1};
    asio::steady_timer timer{context};
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto const& error, int) {
        if (!error)
            timer.cancel();
    });
    std::string told;
    std::function<void()> const wait = [&] {
        timer.expires_after(look_again);
        timer.async_wait([&](auto const& error) {
            if (error)
                return;
            (void)print_new(feed, list, json, told, io);
            io.out.good() ? wait() : signals.cancel();
        });
    };
    wait();
    context.run();
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
    auto wanted = o.wanted;
    wanted.times = o.times.range();
    event_feed feed{std::move(path), std::move(wanted)};
    table list{{{"time"}, {"severity"}, {"kind"}, {"device"}, {"text"}}};
    std::string told;
    if (!print_new(feed, list, o.json, told, io))
        return exit_code::failure;
    if (o.follow)
        follow(feed, list, o.json, io);
    return exit_code::ok;
}

} // namespace

void add_events(CLI::App& app, streams io, exit_code& code)
{
    constexpr std::size_t last_max = 1'000'000;
    auto o = std::make_shared<events_options>();
    auto* c = app.add_subcommand("events", "List what happened: alarms, device states, counter decisions, the journal");
    c->footer("Examples:\n  kilnwatt events -c site.toml --since 7d --kind alarm_raised\n"
              "  kilnwatt events journal.db --device grid-meter --json\n"
              "  kilnwatt events -c site.toml --follow --last 10");
    auto* path = c->add_option("JOURNAL", o->journal, "Journal file; or name the site file with -c");
    auto* site = c->add_option("-c,--config", o->site, "Site file that names the journal")->excludes(path);
    add_time_arguments(*c, o->times);
    c->add_option("--device", o->wanted.devices, "Only of this device, link, sink or alarm; may be repeated")
        ->allow_extra_args(false);
    c->add_option("--kind", o->wanted.kinds, "Only of this kind, for example device_state; may be repeated")
        ->allow_extra_args(false);
    c->add_option("--last", o->wanted.last, "At most so many, the newest")
        ->check(CLI::Range(std::size_t{1}, last_max))
        ->capture_default_str();
    c->add_flag("-f,--follow", o->follow, "Go on with those that come, until interrupted")->excludes("--until");
    c->add_flag("--json", o->json, "One JSON object an event");
    c->callback([=, &code] {
        if (path->empty() && site->empty())
            throw CLI::ValidationError("name the journal file, or the site file with -c");
        code = run_events(*o, io);
    });
}

} // namespace kilnwatt::cli
