#pragma once

#include "agent/cli/exit_code.hpp"
#include "agent/cli/streams.hpp"
#include "agent/journal/journal_reader.hpp"

#include <string>

namespace CLI {
class App;
}

namespace kilnwatt::cli {

/// What stands below `journal` in files of its own: journal_<name>.cpp.
void add_journal_status(CLI::App& journal, streams io, exit_code& code);
void add_journal_export(CLI::App& journal, streams io, exit_code& code);
void add_journal_vacuum(CLI::App& journal, streams io, exit_code& code);
void add_journal_sql(CLI::App& journal, streams io, exit_code& code);

/// Why not stands on io.err.
result<journal::journal_reader> open_journal(std::string const& path, streams io);

/// A bar on the terminal's error stream, erased at the end; nothing in a pipe.
journal::journal_reader::progress progress_bar(streams io, std::string label);

} // namespace kilnwatt::cli
