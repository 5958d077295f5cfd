#pragma once

#include "agent/journal/journal_reader.hpp"

#include <functional>

namespace kilnwatt::journal {

/// Every row of stream entry: those of the journal, then those that wait in the inbox. A row that moves between both
/// while we read may come twice, never not at all.
[[nodiscard]] result<void> for_each_entry(journal_reader& reader, std::function<void(row const&)> const& each);

} // namespace kilnwatt::journal
