#pragma once

#include "agent/publish/lanes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// What one sink did with the records of one device (its readings; under "site" the plant's events).
struct sink_ledger_entry {
    std::uint64_t sent = 0;      ///< handed to the session, those sent again too
    std::uint64_t confirmed = 0; ///< each record once, unless a cursor of too many ranges had it sent again

    friend bool operator==(sink_ledger_entry const&, sink_ledger_entry const&) = default;
};

/// The sink's side of the ledger. It is saved with the cursor, so that both say the same after a kill:
/// stored = confirmed + still unconfirmed in the file + dropped before that. Pure.
struct sink_ledger {
    bool whole = false; ///< it counts since the journal's epoch began: what is neither confirmed nor held was dropped
    stream_set streams; ///< of the ledger's streams those that the sink publishes
    std::map<std::string, sink_ledger_entry> devices;

    static constexpr std::size_t devices_max = 4'096; ///< more are not read back

    /// "l1 whole|part STREAMS", then a line "DEVICE SENT CONFIRMED" each. parse() takes nothing but such a text.
    std::string text() const;
    static std::optional<sink_ledger> parse(std::string_view text);

    friend bool operator==(sink_ledger const&, sink_ledger const&) = default;
};

/// Those of the streams that the ledger counts.
stream_set ledger_streams(stream_set published);

} // namespace kilnwatt::publish
