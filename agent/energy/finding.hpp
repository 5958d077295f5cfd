#pragma once

#include "core/event_row.hpp"

#include <set>
#include <string>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Something that does not fit in a window of the plant, with both numbers. docs/mqtt.md lists the kinds.
struct finding {
    std::string kind;    ///< "stuck", "energy_mismatch"
    std::string subject; ///< device, or "site"
    std::string message;
    event_severity severity = event_severity::warning;
    std::vector<std::string> doubts; ///< figures of the plant that lean on it: in doubt as long as it holds
};

/// Tells a finding when it begins, and again only after a window without it.
class finding_book {
public:
    /// What was found in the next window; what of it is new comes back.
    std::vector<finding> fresh(std::vector<finding> found);

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    std::set<std::string> raised_; ///< kind and subject of what held in the last window
};

} // namespace kilnwatt::energy
