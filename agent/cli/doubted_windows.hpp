#pragma once

#include "agent/cli/streams.hpp"
#include "core/meter_exchange.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::cli {

/// The stored windows within an hour of an exchange whose gain is unknown or in doubt without its readings, from the
/// quarter of an hour to the year: "hour from 2026-03-15T08:00:00.000Z". Of a journal that is not there: none. Nothing
/// and a sentence on `io.err` when it cannot be read.
std::optional<std::vector<std::string>> doubted_windows(std::string const& journal, meter_exchange const& x,
                                                        streams io);

} // namespace kilnwatt::cli
