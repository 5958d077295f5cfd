#pragma once

#include "agent/cli/exit_code.hpp"
#include "agent/cli/streams.hpp"
#include "config/defect.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kilnwatt::cli {

/// Each command is declared by add_<name>(), which only parses, and done by run_<name>(), which gets checked options.
/// A command's callback stores its exit code in `code`.

struct check_options {
    std::string file;
    bool json = false;
    bool plan = false; ///< also what each link will carry
};
exit_code run_check(check_options const& options, streams io);
void add_check(CLI::App& app, streams io, exit_code& code);

struct config_options {
    std::string file;
    bool json = false;
    bool points = false; ///< also the points of each device
};
exit_code run_config_show(config_options const& options, streams io);
void add_config(CLI::App& app, streams io, exit_code& code);

struct run_options {
    std::string file;
    std::string clock; ///< plant_clock::parse; "" = the machine's
    bool verbose = false;
};
exit_code run_agent(run_options const& options, streams io);
void add_run(CLI::App& app, streams io, exit_code& code);

struct simulate_options {
    std::string file; ///< site file whose devices are played
    std::string clock;
    std::string truth;
    std::string series;
    std::uint64_t seed = 1;
    std::optional<std::chrono::seconds> lasts; ///< machine time; none = until a signal
};
exit_code run_simulate(simulate_options const& options, streams io);
void add_simulate(CLI::App& app, streams io, exit_code& code);

struct watch_options {
    std::string file; ///< site file; its first JSON sink is watched
    std::optional<std::chrono::seconds> lasts;
};
exit_code run_watch(watch_options const& options, streams io);
void add_watch(CLI::App& app, streams io, exit_code& code);

struct profile_options {
    std::vector<std::string> folders; ///< searched before the usual ones
    std::string subject;              ///< name of a profile, or a file to check
    bool json = false;
    bool to_stdout = false; ///< new: print instead of writing a file
};
exit_code run_profile_list(profile_options const& options, streams io);
exit_code run_profile_show(profile_options const& options, streams io);
exit_code run_profile_check(profile_options const& options, streams io);
exit_code run_profile_new(profile_options const& options, streams io);
void add_profile(CLI::App& app, streams io, exit_code& code);

void add_journal(CLI::App& app, streams io, exit_code& code);
void add_events(CLI::App& app, streams io, exit_code& code);
void add_import(CLI::App& app, streams io, exit_code& code);
void add_production(CLI::App& app, streams io, exit_code& code);
void add_baseline(CLI::App& app, streams io, exit_code& code);
void add_savings(CLI::App& app, streams io, exit_code& code);
void add_report(CLI::App& app, streams io, exit_code& code);

/// A mistake as one JSON object, as `check --json` prints it.
std::string to_json_line(config::defect const& d);
/// `meter` and its subcommands: one file each, meter_<name>.cpp.
void add_meter(CLI::App& app, streams io, exit_code& code);

/// `help`: topics, completion scripts and manual pages, made from the commands that `app` has.
void add_help(CLI::App& app, streams io, exit_code& code);

/// "90s", "10 min", "1h" or a plain number of seconds; throws CLI::ValidationError.
std::chrono::seconds parse_span(std::string const& text);

/// What is wrong with a reading or an amount; "" for a number from 0 on, and for what is no number at all.
std::string not_below_0(std::string const& text);

} // namespace kilnwatt::cli
