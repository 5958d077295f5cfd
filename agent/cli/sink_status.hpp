#pragma once

#include "agent/journal/journal_reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace kilnwatt::cli {

/// What one sink did with the records of one device: stored = confirmed + waiting + dropped.
struct sink_device_status {
    std::uint64_t sent = 0;               ///< handed to the broker, those sent again too
    std::uint64_t confirmed = 0;          ///< by the broker
    std::uint64_t waiting = 0;            ///< held by the journal and not confirmed
    std::optional<std::uint64_t> dropped; ///< neither; unknown for a sink that came later than the journal
};

struct sink_status {
    position unconfirmed = 0; ///< the lowest position it still needs
    std::map<std::string, sink_device_status> devices;
};

/// By the name of the sink, from the cursors in the file and the records that they still hold; what a sink does not
/// publish is left out. Reads every record that waits.
[[nodiscard]] result<std::map<std::string, sink_status>> sinks_of(journal::journal_reader& reader,
                                                                  journal::journal_status const& s,
                                                                  journal::journal_reader::progress const& report);

} // namespace kilnwatt::cli
