#include "agent/cli/meter_commands.hpp"

#include "agent/cli/commands.hpp"

#include <CLI/CLI.hpp>

namespace kilnwatt::cli {

void add_meter(CLI::App& app, streams io, exit_code& code)
{
    auto* meter = app.add_subcommand("meter", "Find, read and understand a meter on the bench");
    meter->require_subcommand(1);
    meter->footer("Example:\n  kilnwatt meter read tcp://192.0.2.7 -u 1 holding:19026+2\n\n"
                  "`kilnwatt meter COMMAND --help` has more examples.");
    add_meter_scan(*meter, io, code);
    add_meter_read(*meter, io, code);
    add_meter_watch(*meter, io, code);
    add_meter_decode(*meter, io, code);
    add_meter_sunspec(*meter, io, code);
    add_meter_tune(*meter, io, code);
    add_meter_write(*meter, io, code);
    add_meter_exchange(*meter, io, code);
    add_meter_record(*meter, io, code);
    add_meter_replay(*meter, io, code);
}

} // namespace kilnwatt::cli
