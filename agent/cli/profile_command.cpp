#include "agent/cli/commands.hpp"

#include "agent/cli/profile_skeleton.hpp"
#include "agent/cli/table.hpp"
#include "agent/control/site_plan.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using drivers::profile;

/// Folders given on the command line first, then those that `run` searches without a site file.
drivers::profile_library library_of(profile_options const& options)
{
    auto library = control::profile_folders(settings::site{});
    library.folders.insert(library.folders.begin(), options.folders.begin(), options.folders.end());
    return library;
}

/// A mistake in a file of the library is told, and what could be read is shown.
profile read_told(std::string const& path, streams io)
{
    auto document = config::read_files(path);
    auto p = drivers::read_profile(document);
    for (auto const& d : *document.found)
        io.err << config::to_string(d) << '\n';
    return p;
}

std::string scale_of(drivers::point const& p, profile const& what)
{
    if (p.exponent.empty())
        return fmt::format("{:g}", p.scale);
    auto const is_negated = std::any_of(what.points.begin(), what.points.end(),
                                        [&](auto const& q) { return q.name == p.exponent && q.negated; });
    return fmt::format("{:g} x 10^{}{}", p.scale, is_negated ? "-" : "", p.exponent);
}

std::string states_of(drivers::point const& p)
{
    std::string text;
    for (auto const& [number, word] : p.states)
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", number, word);
    return text;
}

table points_table(profile const& p)
{
    table t{{{"point"},
             {"table"},
             {"address", true},
             {"registers", true},
             {"type"},
             {"order"},
             {"scale", true},
             {"unit"},
             {"poll"},
             {"counter"},
             {"ref"},
             {"source"},
             {"states"}}};
    for (auto const& q : p.points)
        t.add({q.name, std::string{drivers::to_string(q.table)}, std::int64_t{q.address}, std::int64_t{q.registers},
               std::string{drivers::to_string(q.type)}, std::string{drivers::to_string(q.order)}, scale_of(q, p),
               q.unit, std::string{drivers::poll_class_names[static_cast<std::size_t>(q.poll)]},
               std::string{q.counter ? "yes" : ""}, q.ref, q.source, states_of(q)});
    return t;
}

void print_head(profile const& p, std::string const& path, streams io)
{
    io.err << fmt::format("{}: {} ({}), confidence {}\n  file    {}\n  models  {}\n  source  {}\n", p.id, p.kind,
                          p.sunspec ? "points from its SunSpec chain" : fmt::format("{} points", p.points.size()),
                          p.confidence.empty() ? "not said" : p.confidence, path, fmt::join(p.models, ", "), p.source);
    io.err << fmt::format("  unit {}, {} Bd {}{}, at most {} registers a request\n", p.unit, p.serial.baud,
                          p.serial.parity, p.serial.stop_bits, p.limits.registers_per_request);
    for (auto const& c : p.caveats)
        io.err << "  note    " << c << '\n';
}

} // namespace

exit_code run_profile_list(profile_options const& options, streams io)
{
    auto const library = library_of(options);
    table t{{{"profile"}, {"kind"}, {"points", true}, {"confidence"}, {"models"}, {"source"}}};
    for (auto const& id : library.ids()) {
        auto const p = read_told(library.path_of(id), io);
        t.add({id, p.kind, p.sunspec ? value{} : value{static_cast<std::int64_t>(p.points.size())}, p.confidence,
               fmt::format("{}", fmt::join(p.models, ", ")), p.source});
    }
    t.print(io, options.json);
    return exit_code::ok;
}

exit_code run_profile_show(profile_options const& options, streams io)
{
    auto const library = library_of(options);
    auto const path = library.path_of(options.subject);
    if (path.empty()) {
        io.err << fmt::format("profile: there is no '{}': `kilnwatt profile list` shows all {}\n", options.subject,
                              library.ids().size());
        return exit_code::failure;
    }
    auto const p = read_told(path, io);
    print_head(p, path, io);
    points_table(p).print(io, options.json);
    return exit_code::ok;
}

exit_code run_profile_check(profile_options const& options, streams io)
{
    auto document = config::read_files(options.subject);
    auto const p = drivers::read_profile(document);
    auto const& found = *document.found;
    for (auto const& d : found)
        io.out << (options.json ? to_json_line(d) : config::to_string(d)) << '\n';
    if (!found.empty()) {
        io.err << fmt::format("{}: {} mistake{}\n", options.subject, found.size(), found.size() == 1 ? "" : "s");
        return exit_code::bad_config;
    }
    if (!options.json)
        io.out << fmt::format("{}: no mistake, {} points\n", options.subject, p.points.size());
    return exit_code::ok;
}

exit_code run_profile_new(profile_options const& options, streams io)
{
    auto const path = options.subject + std::string{drivers::profile_extension};
    if (!drivers::is_profile_id(options.subject)) {
        io.err << fmt::format("profile: '{}' is no name for a profile: use a-z, 0-9, _ and -\n", options.subject);
        return exit_code::usage;
    }
    if (options.to_stdout) {
        io.out << profile_skeleton(options.subject);
        return exit_code::ok;
    }
    if (std::error_code ignored; std::filesystem::exists(path, ignored)) {
        io.err << fmt::format("profile: {} is there already: remove it, or choose another name\n", path);
        return exit_code::failure;
    }
    std::ofstream file{path};
    file << profile_skeleton(options.subject);
    if (!file.flush()) {
        io.err << fmt::format("profile: {} cannot be written: may you write in this folder?\n", path);
        return exit_code::failure;
    }
    io.err << fmt::format("{} is written; fill it in, then `kilnwatt profile check {}`\n", path, path);
    return exit_code::ok;
}

void add_profile(CLI::App& app, streams io, exit_code& code)
{
    auto* command = app.add_subcommand("profile", "Show, check and write device profiles");
    command->require_subcommand(1);
    auto options = std::make_shared<profile_options>();
    auto const add = [&](std::string const& name, std::string const& what, std::string const& example, auto run) {
        auto* sub = command->add_subcommand(name, what);
        sub->footer("Example:\n  " + example);
        sub->callback([options, io, run, &code] { code = run(*options, io); });
        return sub;
    };
    auto* list = add("list", "Every profile that can be found", "kilnwatt profile list", run_profile_list);
    auto* show = add("show", "All points of a profile; what it says about itself goes to standard error",
                     "kilnwatt profile show eastron_sdm630", run_profile_show);
    auto* check = add("check", "Every mistake of a profile's file at once",
                      "kilnwatt profile check /etc/kilnwatt/devices/acme_pm3.toml", run_profile_check);
    auto* fresh = add("new", "Write NAME.toml, a profile to fill in, with comments", "kilnwatt profile new acme_pm3",
                      run_profile_new);
    show->add_option("NAME", options->subject, "Profile")->required();
    check->add_option("FILE", options->subject, "File of a profile")->required();
    fresh->add_option("NAME", options->subject, "a-z, 0-9, _ and -")->required();
    fresh->add_flag("--stdout", options->to_stdout, "Print it instead");
    for (auto* sub : {list, show})
        sub->add_option("--folder", options->folders, "Search here first; may be given again");
    for (auto* sub : {list, show, check})
        sub->add_flag("--json", options->json, "One JSON object a line");
}

} // namespace kilnwatt::cli
