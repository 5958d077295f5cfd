#include "agent/cli/commands.hpp"

#include "agent/cli/plan_table.hpp"
#include "agent/cli/table.hpp"
#include "agent/control/journal_estimate.hpp"
#include "agent/control/plate_notes.hpp"
#include "agent/control/site_plan.hpp"
#include "agent/journal/journal_reader.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>

namespace kilnwatt::cli {
namespace {

void print_summary(control::site_plan const& plan, streams io)
{
    std::size_t points = 0;
    for (auto const& link : plan.links)
        for (auto const& d : link.devices)
            points += d.device.what().points.size();
    auto const counted = [](std::size_t n, char const* what) {
        return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    io.out << plan.site.name << ": " << counted(plan.site.devices.size(), "device") << " on "
           << counted(plan.links.size(), "link") << ", " << counted(points, "point") << " from profiles, "
           << counted(plan.site.mqtt.size(), "MQTT sink") << '\n';
}

constexpr double megabyte = 1e6;

/// Three digits, so that an estimate does not look like a measurement.
value about(double v)
{
    return fmt::format("{}", std::strtod(fmt::format("{:.3g}", v).c_str(), nullptr));
}

void print_journal(control::site_plan const& plan, streams io)
{
    table t{{{"journal"}, {"MB a day", true}, {"limit MB", true}, {"days held", true}}};
    for (auto const& e : control::estimate_journal(plan))
        t.add({std::string{to_string(e.what)}, about(e.bytes_a_day / megabyte),
               e.limit ? about(static_cast<double>(*e.limit) / megabyte) : value{"no limit"},
               e.days ? about(*e.days) : value{"for ever"}});
    io.out << '\n';
    t.print(io, false);
}

void print_notes(control::site_plan const& plan, streams io)
{
    auto const notes = control::plate_notes(plan);
    if (!notes.empty())
        io.out << "\nfigures that lack a plate:\n";
    for (auto const& n : notes)
        io.out << to_string(n) << '\n';
}

} // namespace

std::string to_json_line(config::defect const& d)
{
    return boost::json::serialize(boost::json::object{{"file", d.at.file},
                                                      {"line", d.at.line},
                                                      {"column", d.at.column},
                                                      {"key", d.key},
                                                      {"message", d.message},
                                                      {"remedy", d.remedy}});
}

/// What the devices taught the agent before: their requests are then known, not assumed. Without a journal that can be
/// read the plan is made all the same.
void recall(control::site_plan& plan, streams io)
{
    auto const& path = plan.site.journal.path;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return;
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    auto const memories = reader.has_value() ? reader->memories() : reader.error();
    if (memories.has_error()) {
        io.err << path << ": " << (why.empty() ? memories.error().message() : why)
               << "; the plan is made without what it remembers\n";
        return;
    }
    for (auto& link : plan.links)
        for (auto& d : link.devices)
            if (auto const known = memories->find(d.device.name()); known != memories->end())
                d.device.remember(known->second);
}

exit_code run_check(check_options const& options, streams io)
{
    auto plan = control::plan_site(options.file);
    for (auto const& d : *plan.found) {
        if (options.json)
            io.out << to_json_line(d) << '\n';
        else
            io.out << config::to_string(d) << '\n';
    }
    if (!plan.found->empty()) {
        io.err << options.file << ": " << plan.found->size()
               << (plan.found->size() == 1 ? " mistake\n" : " mistakes\n");
        return exit_code::bad_config;
    }
    if (options.plan) {
        recall(plan, io);
        return print_plan(plan, options.json, io) ? exit_code::ok : exit_code::bad_config;
    }
    if (!options.json) {
        print_summary(plan, io);
        print_journal(plan, io);
        print_notes(plan, io);
    }
    return exit_code::ok;
}

void add_check(CLI::App& app, streams io, exit_code& code)
{
    auto options = std::make_shared<check_options>();
    auto* command = app.add_subcommand("check", "Report every mistake of a site file; touches no network");
    command->footer("Examples:\n  kilnwatt check /etc/kilnwatt/site.toml\n"
                    "  kilnwatt check --plan /etc/kilnwatt/site.toml | grep ^link");
    command->add_option("FILE", options->file, "Site file")->required();
    command->add_flag("--json", options->json, "One JSON object a mistake, request or link");
    command->add_flag("--plan", options->plan, "Print every request, and how busy each link will be");
    command->callback([options, io, &code] { code = run_check(*options, io); });
}

} // namespace kilnwatt::cli
