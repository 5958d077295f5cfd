#pragma once

#include "agent/journal/sqlite.hpp"

#include <string>

namespace kilnwatt::journal {

/// "KwJ1": tells our file from any other SQLite file.
inline constexpr std::int64_t application_id = 0x4B774A31;
inline constexpr std::int64_t schema_newest = 4;
inline constexpr std::int64_t schema_readable = 4; ///< what a reader understands that may not bring the file up

/// What the header of a database file says.
enum class identity {
    empty,   ///< nothing in it yet
    ours,    ///< a journal of this or an earlier schema
    newer,   ///< a journal of a later schema
    foreign, ///< some other program's
};

/// Throws sqlite_error for what is no database at all.
identity identify(database& db);

/// Brings an empty or earlier file to the newest schema, in one transaction; a new file gets a new epoch.
/// `to`: an earlier schema, for tests.
void migrate(database& db, std::int64_t to = schema_newest);

/// Name of a table that a file of the newest schema must have and that is not there; "" when all are.
std::string missing_table(database& db);

/// Settings of a writing connection: WAL, synchronous, no secure_delete, a limit on the WAL that stays on disk.
void configure_writer(database& db, bool sync_full);

} // namespace kilnwatt::journal
