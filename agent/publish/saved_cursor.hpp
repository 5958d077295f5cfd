#pragma once

#include "agent/publish/cursor.hpp"
#include "agent/publish/sink_ledger.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// What a sink keeps in the journal, in one piece so that a kill leaves all of it at the same moment. Pure.
struct saved_cursor {
    cursor where;
    std::string memory;                ///< the outbox's own line
    std::optional<sink_ledger> ledger; ///< none in what earlier versions saved

    /// The cursor's line; then, if there are any, the memory's line and the ledger's lines.
    std::string text() const;
    /// Nothing when the cursor cannot be read; a ledger that cannot be read is none.
    static std::optional<saved_cursor> parse(std::string_view text);
};

} // namespace kilnwatt::publish
