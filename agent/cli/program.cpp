#include "agent/cli/program.hpp"

#include "agent/cli/command_tree.hpp"
#include "agent/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdlib>
#include <exception>
#include <ostream>

namespace kilnwatt::cli {

std::chrono::seconds parse_span(std::string const& text)
{
    std::size_t used = 0;
    long long number = 0;
    try {
        number = std::stoll(text, &used);
    } catch (std::exception const&) {
        used = 0;
    }
    auto unit = text.substr(used);
    unit.erase(0, unit.find_first_not_of(' '));
    constexpr long long longest = 366LL * 86'400;
    long long const factor = unit.empty() || unit == "s"    ? 1
                             : unit == "min" || unit == "m" ? 60
                             : unit == "h"                  ? 3600
                             : unit == "d"                  ? 86'400
                                                            : 0;
    if (used == 0 || factor == 0 || number < 1 || number > longest / factor)
        throw CLI::ValidationError("'" + text + "' is no time span: write 90s, 10min, 1h or 2d");
    return std::chrono::seconds{number * factor};
}

std::string not_below_0(std::string const& text)
{
    char* end = nullptr;
    auto const v = std::strtod(text.c_str(), &end);
    if (*end != '\0' || end == text.c_str() || (v >= 0 && std::isfinite(v)))
        return {};
    return text + (v < 0 ? " is below 0" : " is no finite number");
}

int run_program(int argc, char** argv)
{
    auto const io = standard_streams();
    auto code = exit_code::ok;
    CLI::App app{"Kilnwatt, the energy agent of a factory gateway", "kilnwatt"};
    app.set_version_flag("--version", "kilnwatt " KILNWATT_VERSION);
    app.require_subcommand(1);
    app.footer("`kilnwatt help exit-codes` lists the exit codes.");
    add_run(app, io, code);
    add_check(app, io, code);
    add_config(app, io, code);
    add_watch(app, io, code);
    add_profile(app, io, code);
    add_journal(app, io, code);
    add_events(app, io, code);
    add_import(app, io, code);
    add_production(app, io, code);
    add_baseline(app, io, code);
    add_savings(app, io, code);
    add_report(app, io, code);
    add_simulate(app, io, code);
    add_meter(app, io, code);
    add_help(app, io, code);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        auto const unknown = error.get_exit_code() == 0 ? std::string{} : misspelt_command(app);
        if (!unknown.empty()) {
            io.err << unknown << "\nRun with --help for more information.\n";
            return static_cast<int>(exit_code::usage);
        }
        auto const shown = app.exit(error, io.out, io.err);
        return shown == 0 ? 0 : static_cast<int>(exit_code::usage); // CLI11 uses 100 and above
    } catch (std::exception const& error) {
        io.err << "kilnwatt: " << error.what() << '\n';
        return static_cast<int>(exit_code::failure);
    }
    return static_cast<int>(code);
}

} // namespace kilnwatt::cli
