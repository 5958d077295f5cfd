#pragma once

#include "agent/cli/meter_session.hpp"
#include "agent/cli/table.hpp"
#include "core/row.hpp"

namespace kilnwatt::cli {

/// The subcommands of `kilnwatt meter`; each is declared and done in meter_<name>.cpp.
void add_meter_decode(CLI::App& meter, streams io, exit_code& code);
void add_meter_read(CLI::App& meter, streams io, exit_code& code);
void add_meter_scan(CLI::App& meter, streams io, exit_code& code);
void add_meter_watch(CLI::App& meter, streams io, exit_code& code);
void add_meter_record(CLI::App& meter, streams io, exit_code& code);
void add_meter_replay(CLI::App& meter, streams io, exit_code& code);
void add_meter_sunspec(CLI::App& meter, streams io, exit_code& code);
void add_meter_write(CLI::App& meter, streams io, exit_code& code);
void add_meter_exchange(CLI::App& meter, streams io, exit_code& code);
void add_meter_tune(CLI::App& meter, streams io, exit_code& code);

/// Appends the points of a row: name, value, unit and quality go to the last four columns.
void add_points(row const& r, std::vector<value> const& before, table& t);

} // namespace kilnwatt::cli
