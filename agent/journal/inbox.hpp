#pragma once

#include "agent/journal/sqlite.hpp"
#include "core/result.hpp"
#include "core/row.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kilnwatt::journal {

inline constexpr std::size_t inbox_rows_max = 100'000; ///< waiting at a time
inline constexpr std::size_t inbox_chunk = 512;        ///< taken over in one commit

/// Puts rows into the journal's inbox, all or none, in a transaction of its own beside the agent that writes the
/// journal (docs/decisions/0006). The agent, now or when it next starts, makes records of them. Creates the file where
/// there is none. Waits for the agent's commits at most as long as SQLite's busy timeout; `why` has a sentence.
[[nodiscard]] result<void> deposit(std::string const& path, std::vector<row> const& rows, std::string& why);

/// What waits, oldest first, at most `max`; `last` is the number of the newest of them, 0 for none. A row that cannot
/// be read is passed over. Throws sqlite_error; a file of an earlier schema has nothing waiting.
std::vector<row> waiting(database& db, std::size_t max, std::int64_t& last);

} // namespace kilnwatt::journal
